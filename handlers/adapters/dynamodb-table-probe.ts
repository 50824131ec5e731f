import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { TableProbe } from "../ports";

/** No user has it: subjects come from the token issuer. Reading a missing item costs half a read unit, like a small one. */
const PROBE_USER_ID = "health-probe";

/**
 * The cheapest read that goes all the way: name resolution, TLS, credentials, permission, table and replica. Eventually
 * consistent, as some 16 checkers multiply whatever it costs.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
export class DynamoDbTableProbe implements TableProbe {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async probe(signal: AbortSignal): Promise<void> {
    const command = new GetItemCommand({
      TableName: this.tableName,
      Key: { userId: { S: PROBE_USER_ID } },
      ProjectionExpression: "userId",
    });
    await this.client.send(command, { abortSignal: signal });
  }
}
