import { Customer, type CustomerProps, type Directory } from "../../../drill/clients/customer";
import { BROWSER_CACHE_MS, type ClientKind } from "../../../drill/measure/client-kinds";
import type { RequestRecord } from "../../../drill/measure/history";
import { type HttpAnswer, NoAnswerError } from "../../../local-aws/https-client/connection";
import { Pace } from "../../../local-aws/pace";

const REQUEST = { name: "GET /cart", method: "GET", path: "/cart" };

/** A client whose resolver, clock and regions the test moves by hand. */
function clientOf(kind: ClientKind) {
  const world = { nowMs: 0, answer: "east", isEastAlive: true, status: 200 };
  const requests: RequestRecord[] = [];
  const send = async (region: string) => {
    if (region === "east" && !world.isEastAlive) throw new NoAnswerError("no answer in time", false);
    return { statusCode: world.status, contentType: "application/json", headers: {}, body: "{}" };
  };
  const directory = {
    resolve: async () => world.answer,
    connect: (region: string) => ({ region, connection: { send: () => send(region), close: () => {} } }),
  } as unknown as Directory;
  let aborter = new AbortController();
  const customer = new Customer({
    ...{ clientId: 0, apiName: "api.example.com", kind, requestTimeoutMs: 5_000, userId: "ada", token: "t" },
    ...{ directory, pace: new Pace(1, () => world.nowMs), random: () => 0.5, newPriceMinor: () => 500 },
    onRequest: (record) => {
      requests.push(record);
      aborter.abort(); // One attempt, and no wait for the next one.
    },
  });
  /** The region that one attempt went to. */
  const regionOf = async () => {
    aborter = new AbortController();
    await customer.persist(REQUEST, aborter.signal);
    return requests.at(-1)?.region;
  };
  return { world, requests, regionOf };
}

describe("after the name's answer has changed, while the old region still answers", () => {
  test.each([
    ["ttl", "west"],
    ["browser", "east"],
    ["pooled", "east"],
    ["pinned", "east"],
  ] as const)("a client of kind %s sends its next request to %s", async (kind, region) => {
    const { world, regionOf, requests } = clientOf(kind);
    expect(await regionOf()).toBe("east");
    world.answer = "west";
    world.nowMs = BROWSER_CACHE_MS - 1;
    expect(await regionOf()).toBe(region);
    expect(requests.map(({ clientKind }) => clientKind)).toEqual([kind, kind]);
  });

  test("a browser asks again after a minute, a pooled client never does", async () => {
    const [browser, pooled] = [clientOf("browser"), clientOf("pooled")];
    for (const { world, regionOf } of [browser, pooled]) {
      await regionOf();
      world.answer = "west";
      world.nowMs = 100 * BROWSER_CACHE_MS;
    }
    expect(await browser.regionOf()).toBe("west");
    expect(await pooled.regionOf()).toBe("east");
  });
});

test.each([
  ["answers with errors", { status: 503 }, "east"],
  ["gives no answer", { isEastAlive: false }, "west"],
] as const)("a pooled client whose region %s stays, or asks the name again", async (_, broken, region) => {
  const { world, regionOf, requests } = clientOf("pooled");
  await regionOf();
  Object.assign(world, broken, { answer: "west" });
  expect(await regionOf()).toBe("east");
  expect(requests.at(-1)?.outcome).toBe("failed");
  expect(await regionOf()).toBe(region);
});

const signal = new AbortController().signal;
const shown = { name: "GET /cart", method: "GET", path: "/cart" };
const placing = { name: "POST /checkout", method: "POST", path: "/checkout" };

test("a customer keeps the receipt of the latest checkout and sends it with every later request", async () => {
  const sent: Readonly<Record<string, string>>[] = [];
  const receipts = ["one", undefined, "two"];
  const connection = {
    send: async (_: string, path: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> => {
      sent.push(headers);
      const receipt = path === "/checkout" ? receipts.shift() : undefined;
      return {
        ...{ statusCode: 200, contentType: "application/json", body: "{}" },
        headers: receipt === undefined ? {} : { "cart-receipt": receipt },
      };
    },
    close: () => {},
  };
  const customer = new Customer({
    ...{ clientId: 0, apiName: "api.example.com", kind: "ttl", requestTimeoutMs: 1, userId: "ada", token: "t" },
    ...{ pace: new Pace(1), random: () => 0, onRequest: () => {} },
    directory: { resolve: async () => "192.0.2.1", connect: () => ({ region: "us-east-1", connection }) },
  } as unknown as CustomerProps);
  for (const operation of [shown, placing, shown, placing, placing, shown]) await customer.persist(operation, signal);
  expect(sent.map((headers) => headers["cart-receipt"])).toEqual([undefined, undefined, "one", "one", "one", "two"]);
});
