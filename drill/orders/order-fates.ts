import type { ChargeRecord } from "../../local-aws/vendor/vendor";
import type { AcknowledgedOrder } from "../clients/shopping";
import type { OrderFate } from "../measure/order-fate";
import type { UntoldOrder } from "../measure/untold-orders";
import type { OrderTables, StoredOrder } from "./order-tables";

/** State of each acknowledged order in the tables of every region and in the vendor's ledger. */
export function orderFates(
  orders: readonly AcknowledgedOrder[],
  tables: Pick<OrderTables, "read">,
  charges: readonly ChargeRecord[],
): Promise<OrderFate[]> {
  const byOrder = grouped(charges);
  const distinct = [...new Map(orders.map((order) => [order.orderId, order])).values()];
  return Promise.all(
    distinct.map(async ({ orderId, userId, region, acknowledgedAtMs, totalMinor }) => {
      const stored = await tables.read(orderId);
      const charged = byOrder.get(orderId) ?? [];
      return {
        ...{ orderId, userId, region, acknowledgedAtMs },
        isPresent: isInEach(stored),
        status: stored[0]?.status?.S,
        charges: charged.length,
        isAmountRight: isAmount(totalMinor, stored, charged),
      };
    }),
  );
}

/** Orders in the vendor's ledger without an acknowledged checkout. */
export function untoldOrders(
  told: ReadonlySet<string>,
  tables: Pick<OrderTables, "read">,
  charges: readonly ChargeRecord[],
): Promise<UntoldOrder[]> {
  return Promise.all(
    [...grouped(charges)]
      .filter(([orderId]) => !told.has(orderId))
      .map(async ([orderId, charged]) => {
        const stored = await tables.read(orderId);
        const first = stored.find((order) => order !== undefined);
        return {
          orderId,
          userId: first?.userId?.S,
          isPresent: isInEach(stored),
          charges: charged.length,
          isAmountRight: isAmount(Number(first?.totalMinor?.N), stored, charged),
        };
      }),
  );
}

const isInEach = (stored: readonly (StoredOrder | undefined)[]) =>
  stored.length > 0 && stored.every((order) => order !== undefined);

function isAmount(
  totalMinor: number,
  stored: readonly (StoredOrder | undefined)[],
  charged: readonly ChargeRecord[],
): boolean {
  return (
    stored.every((order) => order === undefined || Number(order.totalMinor?.N) === totalMinor) &&
    charged.every(({ amountMinor }) => amountMinor === totalMinor)
  );
}

function grouped(charges: readonly ChargeRecord[]): Map<string, ChargeRecord[]> {
  const groups = new Map<string, ChargeRecord[]>();
  for (const charge of charges) groups.set(charge.orderId, [...(groups.get(charge.orderId) ?? []), charge]);
  return groups;
}
