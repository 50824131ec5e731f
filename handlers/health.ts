import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbTableProbe } from "./adapters/dynamodb-table-probe";
import { powertoolsLog } from "./adapters/powertools-log";
import type { HealthEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeHealthHandler } from "./operations/health";

const environment = new EnvironmentReader<HealthEnvironment>(process.env);

export const handler = makeHealthHandler({
  probe: new DynamoDbTableProbe(dynamoDbClient(environment), environment.text("CHECKOUT_TABLE_NAME")),
  region: environment.ownRegion(),
  deadlineMs: environment.wholeNumber("DYNAMODB_DEADLINE_MS", 1, 1_900),
  log: powertoolsLog(environment),
});
