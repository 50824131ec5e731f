import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDbEnvironment } from "../environment";
import type { EnvironmentReader } from "../environment-reader";
import { clientOptions } from "./client-options";

/** A client of the function's own region, with the limits that the function was deployed with. */
export function dynamoDbClient(environment: EnvironmentReader<DynamoDbEnvironment>): DynamoDBClient {
  return new DynamoDBClient(
    clientOptions(environment.ownRegion(), {
      connectionTimeoutMs: environment.wholeNumber("DYNAMODB_CONNECTION_TIMEOUT_MS", 1, 60_000),
      requestTimeoutMs: environment.wholeNumber("DYNAMODB_REQUEST_TIMEOUT_MS", 1, 60_000),
      maxAttempts: environment.wholeNumber("DYNAMODB_MAX_ATTEMPTS", 1, 10),
    }),
  );
}
