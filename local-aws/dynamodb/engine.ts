import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import path from "node:path";
import { DeclarationError } from "../../terraform-json/errors";
import type { GlobalTable } from "../../topology/topology";

export interface EngineAnswer {
  readonly statusCode: number;
  readonly body: Buffer;
}

/** A DynamoDB-compatible engine in a process of its own, holding one region's tables. */
export class Engine {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private child: ChildProcess | undefined;
  private port = 0;

  async start(tables: readonly GlobalTable[]): Promise<void> {
    this.child = fork(path.join(__dirname, "dynalite-process.cjs"), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    const [message] = (await once(this.child, "message")) as [{ port: number }];
    this.port = message.port;
    await Promise.all(tables.map((table) => this.create(table)));
  }

  stop(): void {
    this.agent.destroy();
    this.child?.kill("SIGKILL");
  }

  private async create(table: GlobalTable): Promise<void> {
    const { statusCode, body } = await this.forward("CreateTable", JSON.stringify(createTableInput(table)));
    if (statusCode === 200) return;
    const { message = body.toString("utf8") } = JSON.parse(body.toString("utf8"));
    throw new DeclarationError(`${table.address}: must be a table that DynamoDB creates; it answers: ${message}`);
  }

  /** Forwards a call unchanged. */
  forward(operation: string, body: Buffer | string): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/x-amz-json-1.0",
        "content-length": Buffer.byteLength(body),
        "x-amz-target": `DynamoDB_20120810.${operation}`,
        // dynalite requires a signature and does not verify it.
        authorization:
          "AWS4-HMAC-SHA256 Credential=drill/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        "x-amz-date": "20260101T000000Z",
      };
      const outgoing = request(
        { host: "127.0.0.1", port: this.port, method: "POST", path: "/", headers, agent: this.agent },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () => resolve({ statusCode: incoming.statusCode ?? 500, body: Buffer.concat(chunks) }));
          incoming.on("error", reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** @returns the parsed answer; throws when the engine refuses */
  async call(operation: string, input: object): Promise<Record<string, unknown>> {
    const { statusCode, body } = await this.forward(operation, JSON.stringify(input));
    if (statusCode !== 200)
      throw new Error(`DynamoDB engine: ${operation} answered ${statusCode}: ${body.toString("utf8")}`);
    return JSON.parse(body.toString("utf8"));
  }
}

function createTableInput(table: GlobalTable) {
  return {
    TableName: table.name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: table.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(table),
    ...(table.indexes.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: table.indexes.map((index) => ({
            IndexName: index.name,
            KeySchema: keySchema(index),
            Projection: {
              ProjectionType: index.projectionType,
              ...(index.nonKeyAttributes.length === 0 ? {} : { NonKeyAttributes: index.nonKeyAttributes }),
            },
          })),
        }),
  };
}

function keySchema({ hashKey, rangeKey }: { readonly hashKey: string; readonly rangeKey?: string }) {
  return [
    { AttributeName: hashKey, KeyType: "HASH" },
    ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" }]),
  ];
}
