import { setTimeout } from "node:timers/promises";
import { Customers } from "../../../drill/clients/customers";
import type { DrilledDeployment } from "../../../drill/deployment/drilled-deployment";
import type { RequestRecord } from "../../../drill/measure/history";
import { Pace } from "../../../local-aws/pace";
import { seededRandom } from "../../../local-aws/seeded-random";
import type { Topology } from "../../../topology/topology";

const EAST = "us-east-1";
const WESTS = ["us-west-1", "us-west-2"];
const ROUTES = ["PUT /cart/items/{sku}", "POST /checkout", "GET /orders/{orderId}"];
const SHOP = {
  regions: [{ apis: [{ routes: ROUTES.map((routeKey) => ({ routeKey })) }] }],
} as unknown as Topology;

/** A deployment whose name resolves to the primary, and whose regions answer everything with an empty object. */
function deployment(): DrilledDeployment {
  const answer = { statusCode: 200, contentType: "application/json", headers: {}, body: "{}" };
  const aws = {
    newResolver: () => ({ resolve: async () => ({ address: EAST }) }),
    connect: () => ({ send: async () => answer, close: () => {} }),
    regionAt: (address: string) => address,
    addressesByRegion: () => [EAST, ...WESTS].map((region) => [region, region]),
  };
  const token = async (user: string) => user;
  return { aws, token, target: { apiName: "api" }, standbyRegions: WESTS } as unknown as DrilledDeployment;
}

/** Customers who have shopped until each client has put something. */
async function shopped(everyRegionWritten: boolean, clients: number): Promise<Customers> {
  const customers = new Customers(SHOP, deployment(), new Pace(1), seededRandom(1));
  const seen = new Set<number>();
  await new Promise<void>((resolve, reject) => {
    const onRequest = ({ clientId }: RequestRecord) => {
      seen.add(clientId);
      if (seen.size === clients) resolve();
    };
    const how = { everybodyHonoursTtl: true, waitsInWallTime: true, everyRegionWritten, onRequest };
    customers.start({ count: 2, ...how }).catch(reject);
  });
  await customers.stop();
  return customers;
}

const devicesOf = ({ puts }: Customers) =>
  [...new Set(puts.map(({ userId, region, sku }) => `${userId} ${region} ${sku.replace(/\d+$/, "")}`))].sort();

test("the first answers are asked of the standbys alone, and the slowest one is returned", async () => {
  const asked: string[] = [];
  const slow = deployment();
  const connect = (region: string) => ({
    close: () => {},
    send: async (method: string) => {
      asked.push(region);
      await setTimeout(method === "POST" ? 60 : 0);
      return { statusCode: 200, contentType: "application/json", headers: {}, body: '{"orderId":"o"}' };
    },
  });
  Object.assign(slow.aws, { connect });
  const first = await new Customers(SHOP, slow, new Pace(1), seededRandom(1)).firstAnswers();
  expect(new Set(asked)).toEqual(new Set(WESTS));
  expect(first).toEqual({ operation: "POST /checkout", ms: expect.any(Number), isAnswered: true });
  expect(first?.ms).toBeGreaterThan(50);
});

test("of eight clients four honour the TTL, unless everybody must", async () => {
  const kindsOf = async (everybodyHonoursTtl: boolean) => {
    const customers = new Customers(SHOP, deployment(), new Pace(1), seededRandom(1));
    const kinds = new Map<number, string>();
    await new Promise<void>((resolve, reject) => {
      const onRequest = ({ clientId, clientKind }: RequestRecord) => {
        kinds.set(clientId, clientKind);
        if (kinds.size === 8) resolve();
      };
      customers.start({ count: 8, everybodyHonoursTtl, waitsInWallTime: true, onRequest }).catch(reject);
    });
    await customers.stop();
    return [...kinds.values()].sort();
  };
  const half = ["ttl", "ttl", "ttl", "ttl"];
  expect(await kindsOf(false)).toEqual(["browser", "browser", "pinned", "pooled", ...half]);
  expect(await kindsOf(true)).toEqual([...half, ...half]);
});

test("each customer has one device, which follows the name", async () => {
  const customers = await shopped(false, 2);
  expect(devicesOf(customers)).toEqual(["customer-0 us-east-1 sku-", "customer-1 us-east-1 sku-"]);
  expect(customers.userIds).toEqual(["customer-0", "customer-1"]);
});

test("where every region is written, each has a second one at a standby, with SKUs of its own", async () => {
  const customers = await shopped(true, 4);
  expect(devicesOf(customers)).toEqual([
    "customer-0 us-east-1 sku-",
    "customer-0 us-west-1 sku-b",
    "customer-1 us-east-1 sku-",
    "customer-1 us-west-2 sku-b",
  ]);
  expect(customers.userIds).toEqual(["customer-0", "customer-1"]);
});

test("no two lines have the same price, so that a line sold twice is not taken for two", async () => {
  const shop = deployment();
  const customers = new Customers(SHOP, shop, new Pace(1), seededRandom(1));
  const prices: number[] = [];
  const bodies = async (_: string, path: string, __: object, body?: string) => {
    if (path.startsWith("/cart/items/")) prices.push(JSON.parse(body ?? "{}").unitPriceMinor);
    return { statusCode: 200, contentType: "application/json", headers: {}, body: '{"orderId":"o"}' };
  };
  Object.assign(shop.aws, { connect: () => ({ send: bodies, close: () => {} }) });
  await customers.firstAnswers();
  await customers.warmUp();
  await customers.warmUp();
  expect(prices.length).toBeGreaterThan(100);
  expect(new Set(prices).size).toBe(prices.length);
});
