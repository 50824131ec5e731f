import type { RequestContext } from "../../topology/policy-evaluation";
import type { GlobalTable } from "../../topology/topology";
import {
  type ServiceAnswer,
  type ServiceCall,
  ServiceError,
  type ServiceProtocol,
} from "../aws-endpoints/json-endpoint";
import type { Engine } from "./engine";
import type { Item, Replication } from "./replication";

const READS = new Set(["GetItem", "Query", "Scan", "DescribeTable"]);
const WRITES = new Set(["PutItem", "UpdateItem", "DeleteItem"]);
const BATCH_READ = "BatchGetItem";

/**
 * DynamoDB's endpoint in one region: calls go unchanged to the region's engine, and each acknowledged write goes to the
 * replication. Conditions are evaluated by the engine, so they see this region alone.
 */
export class RegionalTables implements ServiceProtocol {
  readonly service = "dynamodb";
  /** Every write fails, as on a table without the capacity for it. */
  areWritesThrottled = false;
  /** Called for each write that was throttled, with its table. */
  onThrottled: (tableName: string) => void = () => {};
  private readonly tables: ReadonlyMap<string, GlobalTable>;

  constructor(
    readonly region: string,
    private readonly accountId: string,
    tables: readonly GlobalTable[],
    private readonly engine: Engine,
    private readonly replication: Replication,
  ) {
    this.tables = new Map(tables.filter(({ regions }) => regions.includes(region)).map((table) => [table.name, table]));
  }

  resourcesOf(call: ServiceCall): readonly string[] {
    const index = call.parameters["IndexName"];
    return tableNamesOf(call).map((name) => {
      const table = `arn:aws:dynamodb:${this.region}:${this.accountId}:table/${name}`;
      return index === undefined ? table : `${table}/index/${String(index)}`;
    });
  }

  contextOf(call: ServiceCall): RequestContext {
    return { leadingKeys: this.leadingKeysOf(call) };
  }

  async handle(call: ServiceCall): Promise<ServiceAnswer> {
    const { operation } = call;
    const tables = tableNamesOf(call).map((name) => this.tableNamed(name));
    if (READS.has(operation) || operation === BATCH_READ) return this.engine.forward(operation, call.body);
    const [table] = tables;
    if (table !== undefined && WRITES.has(operation) && this.areWritesThrottled) return this.throttle(table);
    if (table !== undefined && WRITES.has(operation)) return this.write(table, call);
    // Batches of writes and transactions are not modelled: they would need replication item by item.
    throw new ServiceError(
      "UnknownOperationException",
      `the drill's DynamoDB knows ${[...READS, BATCH_READ, ...WRITES].join(", ")}; got ${operation}`,
    );
  }

  /** Of a query they are in its expression; policies that limit queries are refused by the reader. */
  private leadingKeysOf({ operation, parameters }: ServiceCall): readonly string[] {
    const named = (tableName: string, holders: readonly unknown[]) => {
      const hashKey = this.tables.get(tableName)?.hashKey ?? "";
      return holders.flatMap((holder) =>
        Object.values((holder as Record<string, object> | undefined)?.[hashKey] ?? {}),
      );
    };
    if (operation !== BATCH_READ) {
      return named(String(parameters["TableName"]), [parameters["Item"] ?? parameters["Key"]]);
    }
    const requests = Object.entries((parameters["RequestItems"] ?? {}) as Record<string, { Keys?: unknown[] }>);
    return requests.flatMap(([tableName, { Keys = [] }]) => named(tableName, Keys));
  }

  private tableNamed(name: string): GlobalTable {
    const table = this.tables.get(name);
    if (table !== undefined) return table;
    throw new ServiceError(
      "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
      "Requested resource not found",
    );
  }

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
  private throttle(table: GlobalTable): never {
    this.onThrottled(table.name);
    throw new ServiceError(
      "com.amazonaws.dynamodb.v20120810#ThrottlingException",
      "Throughput exceeds the current capacity of your table or index.",
    );
  }

  private write(table: GlobalTable, { operation, parameters }: ServiceCall): Promise<ServiceAnswer> {
    const holder = (operation === "PutItem" ? parameters["Item"] : parameters["Key"]) as Item;
    const key = keyOf(table, holder);
    const itemKey = `${table.name} ${JSON.stringify(key)}`;
    return this.replication.locks.run(`${this.region} ${itemKey}`, async () => {
      // Replicas receive the whole item after an update; the caller receives only what it asked for.
      const isUpdate = operation === "UpdateItem";
      const asked = String(parameters["ReturnValues"] ?? "NONE");
      const body = JSON.stringify(
        isUpdate && asked === "NONE" ? { ...parameters, ReturnValues: "ALL_NEW" } : parameters,
      );
      const answer = await this.engine.forward(operation, body);
      if (answer.statusCode !== 200) return answer;
      const item =
        operation === "DeleteItem" ? undefined : isUpdate ? await this.itemAfter(table, key, asked, answer) : holder;
      this.replication.note(table, this.region, itemKey, key, item);
      return isUpdate && asked === "NONE" ? { statusCode: 200, body: "{}" } : answer;
    });
  }

  private async itemAfter(table: GlobalTable, key: Item, asked: string, answer: ServiceAnswer): Promise<Item> {
    if (asked === "NONE" || asked === "ALL_NEW") return JSON.parse(answer.body.toString()).Attributes;
    const { Item } = await this.engine.call("GetItem", { TableName: table.name, Key: key, ConsistentRead: true });
    return Item as Item;
  }
}

/** The tables that a call names: one, or each of a batch. */
function tableNamesOf({ operation, parameters }: ServiceCall): readonly string[] {
  if (operation === BATCH_READ) return Object.keys(parameters["RequestItems"] ?? {});
  return [String(parameters["TableName"])];
}

function keyOf(table: GlobalTable, holder: Item): Item {
  const names = table.rangeKey === undefined ? [table.hashKey] : [table.hashKey, table.rangeKey];
  return Object.fromEntries(names.map((name) => [name, holder[name]]));
}
