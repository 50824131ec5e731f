import { once } from "node:events";
import type { Server } from "node:http";
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { clientOptions } from "../../handlers/adapters/client-options";
import { inProcessTransport } from "./in-process-transport";
import { localEndpoint } from "./local-server";

// The package has no types, and its export is the function itself.
const dynalite: (options: { createTableMs: number }) => Server = require("dynalite");

/** The SDK warns that it will need Node.js 22 from 2027 on. The functions run on that; tests run on 20, too. */
export const QUIET_SDK = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
Object.assign(process.env, QUIET_SDK);

export const CARTS = "checkout";
export const ORDERS = "orders";
export const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };
export const LIMITS = { connectionTimeoutMs: 500, requestTimeoutMs: 1_000, maxAttempts: 2 };

export interface LocalDynamoDb {
  readonly client: DynamoDBClient;
  /** Another client of the same tables, without a socket. */
  readonly newInProcessClient: () => DynamoDBClient;
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Both tables as the infrastructure declares them; `tables.test.ts` holds them to the synthesized Terraform. */
export const TABLES: readonly CreateTableCommandInput[] = [
  {
    TableName: CARTS,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "userId", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "userId", KeyType: "HASH" }],
  },
  {
    TableName: ORDERS,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "orderId", AttributeType: "S" },
      { AttributeName: "unpaidRegion", AttributeType: "S" },
      { AttributeName: "lastEnqueuedAtMs", AttributeType: "N" },
    ],
    KeySchema: [{ AttributeName: "orderId", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "unpaid-by-region",
        KeySchema: [
          { AttributeName: "unpaidRegion", KeyType: "HASH" },
          { AttributeName: "lastEnqueuedAtMs", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  },
];

/** A dynalite on a free port, with both tables. */
export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = localEndpoint(server);
  const client = dynamoDbAt(endpoint);
  for (const table of TABLES) await createActive(client, table);
  const stop = async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const requestHandler = inProcessTransport(server);
  const newInProcessClient = () =>
    new DynamoDBClient({ ...clientOptions("us-east-1", LIMITS), endpoint, credentials: CREDENTIALS, requestHandler });
  return { client, newInProcessClient, endpoint, stop };
}

/** A table takes calls once it is ACTIVE, which it is some turns of the event loop after its creation. */
async function createActive(client: DynamoDBClient, table: CreateTableCommandInput): Promise<void> {
  const { TableName } = table;
  await client.send(new CreateTableCommand(table));
  await waitUntilTableExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 30 }, { TableName });
}

/** A client as the handlers build theirs, pointed at an endpoint by hand. */
export function dynamoDbAt(endpoint: string, limits = LIMITS): DynamoDBClient {
  return new DynamoDBClient({ ...clientOptions("us-east-1", limits), endpoint, credentials: CREDENTIALS });
}
