import type { Customer, Operation } from "../../../drill/clients/customer";
import { journeyFor } from "../../../drill/clients/shopping";
import type { HttpAnswer } from "../../../local-aws/https-client/connection";
import type { Topology } from "../../../topology/topology";

const ROUTES = ["PUT /cart/items/{sku}", "POST /checkout", "GET /orders/{orderId}"];
const SHOP = {
  regions: [{ apis: [{ routes: ROUTES.map((routeKey) => ({ routeKey })) }] }],
} as unknown as Topology;

/** A customer whose checkout is answered so, after so many requests of it that were not acknowledged. */
function customerOf(checkout: HttpAnswer | undefined, unacknowledgedCheckouts: number): Customer {
  const customer = {
    props: { userId: "ada", random: () => 0.5, pace: { nowMs: () => 0 } },
    unacknowledged: 7,
    persist: async ({ method }: Operation) => {
      if (method !== "POST") return { statusCode: 200, contentType: "application/json", body: "{}" };
      customer.unacknowledged += unacknowledgedCheckouts;
      return checkout;
    },
  };
  return customer as unknown as Customer;
}

async function openCheckouts(checkout: HttpAnswer | undefined, unacknowledgedCheckouts: number): Promise<string[]> {
  const open: string[] = [];
  const watcher = { onOrder: () => {}, onRepeat: () => {}, onOpenCheckout: (userId: string) => open.push(userId) };
  const journey = journeyFor(SHOP, watcher, { least: 0, most: 0 });
  await journey(customerOf(checkout, unacknowledgedCheckouts), new AbortController().signal);
  return open;
}

const answer = (statusCode: number, body: object): HttpAnswer => ({
  ...{ statusCode, contentType: "application/json", body: JSON.stringify(body) },
});
const PLACED = answer(201, { orderId: "o", totalMinor: 1, currency: "EUR" });
const REFUSED = answer(409, {});

test.each<[string, HttpAnswer | undefined, number, string[]]>([
  ["got its order", PLACED, 0, []],
  ["got its order in the end", PLACED, 2, []],
  ["was refused at once", REFUSED, 0, []],
  ["was refused after a request that may have placed an order", REFUSED, 1, ["ada"]],
  ["was never answered", undefined, 1, ["ada"]],
  ["never got a request away", undefined, 0, []],
])("a checkout that %s is open or not", async (_, checkout, unacknowledged, expected) => {
  expect(await openCheckouts(checkout, unacknowledged)).toEqual(expected);
});
