import type { ReplicatedWrite } from "../../local-aws/dynamodb/replication";
import type { OverwrittenItem } from "../measure/lost-writes";
import type { OrderTables, StoredOrder } from "./order-tables";

/**
 * Items that another region's write replaced unseen, each write once. An order is left out where it is made good: every region holds it with
 * the same total, and with its status unless that was a payment still pending.
 */
export async function overwrittenItems(
  writes: readonly ReplicatedWrite[],
  tables: Pick<OrderTables, "read" | "name">,
): Promise<OverwrittenItem[]> {
  const distinct = [...new Map(writes.map((write) => [write.stamp, write])).values()];
  const lost = await Promise.all(
    distinct.map(async (write) => {
      if (write.tableName !== tables.name || write.item === undefined) return true;
      const discarded = write.item as StoredOrder;
      const orderId = (write.key as { orderId?: { S?: string } }).orderId?.S ?? "";
      return !isMadeGood(discarded, await tables.read(orderId));
    }),
  );
  return distinct
    .filter((_, index) => lost[index])
    .map(({ itemKey, from, acknowledgedAtMs }) => ({ key: itemKey, region: from, acknowledgedAtMs }));
}

function isMadeGood(discarded: StoredOrder, survivors: readonly (StoredOrder | undefined)[]): boolean {
  const isPending = discarded.status?.S === "PENDING_PAYMENT";
  return (
    survivors.length > 0 &&
    survivors.every(
      (survivor) =>
        survivor !== undefined &&
        survivor.totalMinor?.N === discarded.totalMinor?.N &&
        (isPending || survivor.status?.S === discarded.status?.S),
    )
  );
}
