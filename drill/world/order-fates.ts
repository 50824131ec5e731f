import type { AcknowledgedOrder } from "../clients/shopping";
import type { Engine } from "../dynamodb/engine";
import type { OrderFate } from "../measure/measure";
import type { GlobalTable } from "../topology/topology";
import type { Vendor } from "../vendor/vendor";

interface StoredOrder {
  readonly status?: { readonly S?: string };
  readonly totalMinor?: { readonly N?: string };
}

/** What became of each acknowledged order, in the tables of every region and in the vendor's ledger. */
export async function orderFates(
  orders: readonly AcknowledgedOrder[],
  tables: readonly GlobalTable[],
  engines: ReadonlyMap<string, Engine>,
  vendor: Vendor,
): Promise<OrderFate[]> {
  const table = tables.find(({ hashKey }) => hashKey === "orderId");
  const holding = (table?.regions ?? []).flatMap((region) => engines.get(region) ?? []);
  const charges = grouped(vendor.charges);
  const distinct = [...new Map(orders.map((order) => [order.orderId, order])).values()];
  return Promise.all(
    distinct.map(async ({ orderId, totalMinor }) => {
      const stored = await Promise.all(holding.map((engine) => read(engine, table?.name ?? "", orderId)));
      const charged = charges.get(orderId) ?? [];
      const [first] = stored;
      return {
        orderId,
        isPresent: stored.length > 0 && stored.every((order) => order !== undefined),
        status: first?.status?.S,
        charges: charged.length,
        isAmountRight:
          stored.every((order) => order === undefined || Number(order.totalMinor?.N) === totalMinor) &&
          charged.every(({ amountMinor }) => amountMinor === totalMinor),
      };
    }),
  );
}

async function read(engine: Engine, tableName: string, orderId: string): Promise<StoredOrder | undefined> {
  const { Item } = await engine.call("GetItem", {
    TableName: tableName,
    Key: { orderId: { S: orderId } },
    ConsistentRead: true,
  });
  return Item as StoredOrder | undefined;
}

function grouped<T extends { readonly orderId: string }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.orderId, [...(groups.get(item.orderId) ?? []), item]);
  return groups;
}
