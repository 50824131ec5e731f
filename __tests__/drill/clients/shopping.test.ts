import type { Customer, Operation } from "../../../drill/clients/customer";
import { journeyFor, SECOND_DEVICE_HABITS, type ShoppingWatcher, USUAL_HABITS } from "../../../drill/clients/shopping";
import type { RequestRecord } from "../../../drill/measure/history";
import type { CartPut } from "../../../drill/measure/lost-puts";
import type { HttpAnswer } from "../../../local-aws/https-client/connection";
import type { Topology } from "../../../topology/topology";

const ROUTES = ["PUT /cart/items/{sku}", "POST /checkout", "GET /orders/{orderId}"];
const SHOP = {
  regions: [{ apis: [{ routes: ROUTES.map((routeKey) => ({ routeKey })) }] }],
} as unknown as Topology;

const DEAF: ShoppingWatcher = { onPut: () => {}, onOrder: () => {}, onRepeat: () => {}, onOpenCheckout: () => {} };
const HASTY = { ...USUAL_HABITS, thinkingMs: { least: 0, most: 0 } };

/** A customer whose checkout is answered so, after so many requests of it that were not acknowledged. */
function customerOf(checkout: HttpAnswer | undefined, unacknowledgedCheckouts: number): Customer {
  const customer = {
    props: { userId: "ada", random: () => 0.5, newPriceMinor: () => 3_000, pace: { nowMs: () => 0 } },
    unacknowledged: 7,
    persist: async ({ method }: Operation) => {
      if (method !== "POST") return { statusCode: 200, contentType: "application/json", headers: {}, body: "{}" };
      customer.unacknowledged += unacknowledgedCheckouts;
      return checkout;
    },
  };
  return customer as unknown as Customer;
}

async function openCheckouts(checkout: HttpAnswer | undefined, unacknowledgedCheckouts: number): Promise<string[]> {
  const open: string[] = [];
  const watcher = { ...DEAF, onOpenCheckout: (userId: string) => open.push(userId) };
  const journey = journeyFor(SHOP, watcher, HASTY);
  await journey(customerOf(checkout, unacknowledgedCheckouts), new AbortController().signal);
  return open;
}

const answer = (statusCode: number, body: object): HttpAnswer => ({
  ...{ statusCode, contentType: "application/json", headers: {}, body: JSON.stringify(body) },
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

/** Requests of one round, by method; every choice is drawn from the same number. */
async function roundOf(draw: number, habits = HASTY): Promise<string> {
  const methods: string[] = [];
  const customer = {
    props: { userId: "ada", random: () => draw, newPriceMinor: () => 3_000, pace: { nowMs: () => 0 } },
    unacknowledged: 0,
    persist: async ({ method }: Operation) => {
      methods.push(method);
      return method === "POST" ? PLACED : answer(200, {});
    },
  };
  await journeyFor(SHOP, DEAF, habits)(customer as unknown as Customer, new AbortController().signal);
  return methods.join(" ");
}

test.each([
  [0.1, HASTY, "PUT PUT"],
  [0.2, HASTY, "PUT PUT POST POST GET"],
  [0.34, HASTY, "PUT POST GET"],
  [0.34, { ...SECOND_DEVICE_HABITS, thinkingMs: HASTY.thinkingMs }, "PUT"],
])("a round may have a second line, and may end without a checkout: %p", async (draw, habits, expected) => {
  expect(await roundOf(draw, habits)).toBe(expected);
});

/** What a customer remembers of a put whose requests went so. */
async function remembered(...requests: Partial<RequestRecord>[]): Promise<CartPut[]> {
  const puts: CartPut[] = [];
  const customer = {
    props: { userId: "ada", random: () => 0.5, newPriceMinor: () => 3_000, pace: { nowMs: () => 0 } },
    persist: async (_: Operation, __: AbortSignal, onAttempt: (record: RequestRecord) => void) => {
      for (const request of requests) onAttempt({ startedAtMs: 5, endedAtMs: 9, ...request } as RequestRecord);
    },
  };
  const journey = journeyFor(SHOP, { ...DEAF, onPut: (put) => puts.push(put) }, HASTY);
  await journey(customer as unknown as Customer, new AbortController().signal);
  return puts;
}

const SENT = { userId: "ada", sku: "sku-20", quantity: 2, unitPriceMinor: 3_000, currency: "EUR", startedAtMs: 5 };

test.each<[string, Partial<RequestRecord>, CartPut[]]>([
  [
    "that was done",
    { region: "us-east-1", outcome: "acknowledged", statusCode: 200 },
    [{ ...SENT, region: "us-east-1", acknowledgedAtMs: 9 }],
  ],
  [
    "that was refused",
    { region: "us-east-1", outcome: "acknowledged", statusCode: 409 },
    [{ ...SENT, region: "us-east-1" }],
  ],
  [
    "that was answered with an error",
    { region: "us-west-2", outcome: "failed", statusCode: 503 },
    [{ ...SENT, region: "us-west-2" }],
  ],
  ["without an answer", { region: "us-east-1", outcome: "indeterminate" }, [{ ...SENT, region: "us-east-1" }]],
  ["that was never sent", { region: "us-east-1", outcome: "failed" }, []],
  ["whose name did not resolve", { outcome: "failed" }, []],
])("a customer remembers a put %s, or not", async (_, request, expected) => {
  expect(await remembered(request)).toEqual(expected);
});

test("each request of a put is remembered for itself", async () => {
  const lost = { region: "us-east-1", outcome: "indeterminate" } as const;
  const done = {
    region: "us-west-2",
    outcome: "acknowledged",
    statusCode: 200,
    startedAtMs: 12,
    endedAtMs: 13,
  } as const;
  expect(await remembered(lost, done)).toEqual([
    { ...SENT, region: "us-east-1" },
    { ...SENT, region: "us-west-2", startedAtMs: 12, acknowledgedAtMs: 13 },
  ]);
});
