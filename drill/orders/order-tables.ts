import type { Engine } from "../../local-aws/dynamodb/engine";
import type { GlobalTable } from "../../topology/topology";

/** Attributes of an order that the drill reads. */
export interface StoredOrder {
  readonly status?: { readonly S?: string };
  readonly totalMinor?: { readonly N?: string };
  readonly userId?: { readonly S?: string };
}

/** The orders' table in every region that holds it. */
export class OrderTables {
  private readonly table: GlobalTable | undefined;
  private readonly holding: readonly Engine[];

  constructor(tables: readonly GlobalTable[], engines: ReadonlyMap<string, Engine>) {
    this.table = tables.find(({ hashKey }) => hashKey === "orderId");
    this.holding = (this.table?.regions ?? []).flatMap((region) => engines.get(region) ?? []);
  }

  /** The order as each region holds it. */
  read(orderId: string): Promise<(StoredOrder | undefined)[]> {
    const input = { TableName: this.table?.name ?? "", Key: { orderId: { S: orderId } }, ConsistentRead: true };
    return Promise.all(
      this.holding.map(async (engine) => (await engine.call("GetItem", input))["Item"] as StoredOrder | undefined),
    );
  }
}
