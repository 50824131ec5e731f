import type { Engine } from "../../local-aws/dynamodb/engine";
import type { GlobalTable } from "../../topology/topology";
import type { OrderedLine } from "../measure/lost-puts";

/** Attributes of an order that the drill reads. */
export interface StoredOrder {
  readonly orderId?: { readonly S?: string };
  readonly status?: { readonly S?: string };
  readonly totalMinor?: { readonly N?: string };
  readonly userId?: { readonly S?: string };
  readonly lines?: { readonly L?: readonly { readonly M?: StoredLine }[] };
}

interface StoredLine {
  readonly sku?: { readonly S?: string };
  readonly quantity?: { readonly N?: string };
  readonly unitPriceMinor?: { readonly N?: string };
  readonly currency?: { readonly S?: string };
}

/** The orders' table in every region that holds it. */
export class OrderTables {
  private readonly table: GlobalTable | undefined;
  private readonly holding: readonly Engine[];

  constructor(tables: readonly GlobalTable[], engines: ReadonlyMap<string, Engine>) {
    this.table = tables.find(({ hashKey }) => hashKey === "orderId");
    this.holding = (this.table?.regions ?? []).flatMap((region) => engines.get(region) ?? []);
  }

  /** Undefined without such a table. */
  get name(): string | undefined {
    return this.table?.name;
  }

  /** The order as each region holds it. */
  read(orderId: string): Promise<(StoredOrder | undefined)[]> {
    const input = { TableName: this.table?.name ?? "", Key: { orderId: { S: orderId } }, ConsistentRead: true };
    return Promise.all(
      this.holding.map(async (engine) => (await engine.call("GetItem", input))["Item"] as StoredOrder | undefined),
    );
  }

  /** Lines of all orders in any region; an order that regions hold alike gives its lines once for each. */
  async orderedLines(): Promise<OrderedLine[]> {
    const stored = await Promise.all(this.holding.map((engine) => this.scan(engine)));
    return stored.flat().flatMap(linesOf);
  }

  private async scan(engine: Engine): Promise<StoredOrder[]> {
    const found: StoredOrder[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const page = await engine.call("Scan", { TableName: this.name, ConsistentRead: true, ExclusiveStartKey });
      found.push(...(page["Items"] as StoredOrder[]));
      ExclusiveStartKey = page["LastEvaluatedKey"];
    } while (ExclusiveStartKey !== undefined);
    return found;
  }
}

function linesOf({ orderId, userId, lines }: StoredOrder): OrderedLine[] {
  return (lines?.L ?? []).map(({ M: line }) => ({
    userId: userId?.S ?? "",
    orderId: orderId?.S ?? "",
    sku: line?.sku?.S ?? "",
    quantity: Number(line?.quantity?.N),
    unitPriceMinor: Number(line?.unitPriceMinor?.N),
    currency: line?.currency?.S ?? "",
  }));
}
