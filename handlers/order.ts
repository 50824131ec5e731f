import { dynamoDbClient } from "./adapters/dynamodb-client";
import { DynamoDbOrderStore } from "./adapters/dynamodb-order-store";
import { powertoolsLog } from "./adapters/powertools-log";
import type { OrderEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeOrderHandler } from "./operations/order";

const environment = new EnvironmentReader<OrderEnvironment>(process.env);

export const handler = makeOrderHandler(
  new DynamoDbOrderStore(dynamoDbClient(environment), environment.text("ORDERS_TABLE_NAME")),
  powertoolsLog(environment),
);
