import {
  type AttributeValue,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  type UpdateItemCommandInput,
  type UpdateItemCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { CARTS, type LocalDynamoDb, ORDERS, startDynamoDb } from "../local-dynamodb";

type Item = Record<string, AttributeValue>;

export interface Write {
  readonly to: 0 | 1;
  readonly tableName: string;
  readonly itemKey: string;
  readonly item: Item;
  /** What the last writer is told by: the clock of the region that took the write, and never before what it replaced there. */
  readonly stamp: number;
}

const KEYS: Readonly<Record<string, string>> = { [CARTS]: "userId", [ORDERS]: "orderId" };

/**
 * Two regions' tables, each a dynalite, kept in step as DynamoDB does under eventual consistency: a write is acknowledged in its own
 * region, shipped later in any order, and the last writer wins per item, silently. Conditions see their own region alone.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export class GlobalTables {
  /** Clients for the handlers, by region: what they write is shipped. */
  readonly clients: readonly [DynamoDBClient, DynamoDBClient];
  private readonly shipping: readonly [DynamoDBClient, DynamoDBClient];
  private readonly stamps = [new Map<string, number>(), new Map<string, number>()] as const;
  private pending: Write[] = [];
  /** By region, the time of its clock in milliseconds. */
  clockMs: (region: 0 | 1) => number = () => 0;
  /** Called with each write that has arrived, whether it has won or not. */
  onDelivered: (write: Write) => void = () => {};
  /** The write that was acknowledged last. */
  latest: Write | undefined;

  private constructor(private readonly engines: readonly [LocalDynamoDb, LocalDynamoDb]) {
    this.shipping = [engines[0].newInProcessClient(), engines[1].newInProcessClient()];
    this.clients = [this.watched(0), this.watched(1)];
  }

  static async start(): Promise<GlobalTables> {
    return new GlobalTables(await Promise.all([startDynamoDb(), startDynamoDb()]));
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    await Promise.all(this.engines.map((engine) => engine.stop()));
  }

  /** Writes on their way, those from or to a lost region included. */
  pendingCount(): number {
    return this.pending.length;
  }

  /** Ships one of the pending writes, the `choice`th modulo their number; those to or from a region that is lost wait. */
  async deliver(
    choice: number,
    isLost: (region: 0 | 1) => boolean,
    isMeant: (write: Write) => boolean = () => true,
  ): Promise<boolean> {
    const meant = this.pending.filter(isMeant);
    const write = meant[choice % meant.length];
    if (isLost(0) || isLost(1) || write === undefined) return false;
    this.pending.splice(this.pending.indexOf(write), 1);
    const { to, tableName, itemKey, item, stamp } = write;
    this.onDelivered(write);
    if ((this.stamps[to].get(itemKey) ?? 0) > stamp) return true; // A later write has won already.
    this.stamps[to].set(itemKey, stamp);
    await this.shipping[to].send(new PutItemCommand({ TableName: tableName, Item: item }));
    return true;
  }

  async deliverAll(): Promise<void> {
    while (await this.deliver(0, () => false));
  }

  /** Forgets what histories before left on its way. */
  reset(): void {
    this.pending = [];
    this.latest = undefined;
    for (const stamps of this.stamps) stamps.clear();
  }

  private watched(region: 0 | 1): DynamoDBClient {
    const client = this.engines[region].newInProcessClient();
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const isUpdate = commandName === "UpdateItemCommand";
          const input = args.input as PutItemCommandInput & UpdateItemCommandInput;
          if (isUpdate) input.ReturnValues = "ALL_NEW";
          const result = await next(args);
          if (isUpdate) this.note(region, input, (result.output as UpdateItemCommandOutput).Attributes);
          if (commandName === "PutItemCommand") this.note(region, input, input.Item);
          return result;
        },
      { step: "initialize", name: "ship-writes" },
    );
    return client;
  }

  private note(region: 0 | 1, { TableName }: { TableName: string | undefined }, item: Item | undefined): void {
    const tableName = String(TableName);
    if (item === undefined) throw new Error(`a write to ${tableName} in region ${region} returned no item to ship`);
    const itemKey = `${tableName} ${item[String(KEYS[tableName])]?.S}`;
    // Whole milliseconds leave room for writes of one moment; the last bit tells the regions' stamps apart.
    const now = this.clockMs(region) * 1_000 * 2 + region;
    const stamp = Math.max(now, (this.stamps[region].get(itemKey) ?? 0) + 2);
    this.stamps[region].set(itemKey, stamp);
    this.latest = { to: region === 0 ? 1 : 0, tableName, itemKey, item, stamp };
    this.pending.push(this.latest);
  }
}
