import { readCarts } from "../../../drill/clients/cart-reading";
import type { DrilledDeployment } from "../../../drill/deployment/drilled-deployment";
import { type HttpAnswer, NoAnswerError } from "../../../local-aws/https-client/connection";

const EAST = "us-east-1";
const WEST = "us-west-2";
const LINE = { sku: "tea", quantity: 2, unitPriceMinor: 500, currency: "EUR" };

type Answering = (region: string, user: string, time: number) => HttpAnswer | Error;

const answer = (statusCode: number, body: string): HttpAnswer => ({
  statusCode,
  contentType: "application/json",
  headers: {},
  body,
});
const cart = (...lines: object[]) => answer(200, JSON.stringify({ version: 1, fingerprint: "f", lines }));

/** A deployment whose regions answer so; `time` counts the requests of a user to a region. */
function deploymentOf(answering: Answering): { deployment: DrilledDeployment; sent: string[] } {
  const sent: string[] = [];
  const connect = (region: string, serverName: string) => ({
    send: async (method: string, path: string, { authorization = "" }: Record<string, string>) => {
      const request = `${method} ${path} of ${authorization.replace("Bearer token-", "")} in ${region} as ${serverName}`;
      sent.push(request);
      const user = authorization.replace("Bearer token-", "");
      const given = answering(region, user, sent.filter((it) => it === request).length);
      if (given instanceof Error) throw given;
      return given;
    },
    close: () => {},
  });
  const aws = { connect, addressesByRegion: () => [EAST, WEST, "eu-west-1"].map((region) => [region, region]) };
  const regions = { target: { apiName: "api.example.com" }, regionNames: [EAST, WEST] };
  return {
    deployment: { ...regions, aws, token: async (user: string) => `token-${user}` } as unknown as DrilledDeployment,
    sent,
  };
}

test("each user's cart is read once in each region that the API's name can lead to", async () => {
  const users = Array.from({ length: 20 }, (_, index) => `user-${index}`);
  const { deployment, sent } = deploymentOf((_, user) => cart({ ...LINE, sku: user }));
  const { carts, whyUnread } = await readCarts(deployment, users);
  const expected = [EAST, WEST].flatMap((region) =>
    users.map((user) => `GET /cart of ${user} in ${region} as api.example.com`),
  );
  expect([...sent].sort()).toEqual(expected.sort());
  expect(whyUnread).toBeUndefined();
  expect(carts).toHaveLength(40);
  expect(carts).toContainEqual({ userId: "user-7", region: WEST, lines: [{ ...LINE, sku: "user-7" }] });
});

test("carts that differ are read again, because replication may still be arriving", async () => {
  const { deployment } = deploymentOf((region, _, time) => (region === WEST && time === 1 ? cart() : cart(LINE)));
  const { carts } = await readCarts(deployment, ["ada"]);
  expect(carts.map(({ lines }) => lines)).toEqual([[LINE], [LINE]]);
});

test("a cart that a region does not show at first is read again", async () => {
  const { deployment } = deploymentOf((_, __, time) => (time === 1 ? answer(503, "") : cart(LINE)));
  expect(await readCarts(deployment, ["ada"])).not.toHaveProperty("whyUnread");
});

describe("in the end", () => {
  const LIMITS = { readingMs: 60, lookAgainMs: 20 };

  test.each<[string, HttpAnswer | Error, string]>([
    ["an error", answer(503, ""), "us-west-2 did not show the cart of ada (status 503)"],
    ["no answer", new NoAnswerError("ECONNREFUSED", false), "us-west-2 did not show the cart of ada (ECONNREFUSED)"],
    ["no JSON", answer(200, "<html>"), "us-west-2 did not show the cart of ada (status 200, without JSON)"],
    ["another document", answer(200, "{}"), "us-west-2 did not show the cart of ada (status 200, without lines)"],
  ])("%s is told with region and reason", async (_, given, expected) => {
    const { deployment } = deploymentOf((region) => (region === WEST ? given : cart(LINE)));
    const { whyUnread, carts } = await readCarts(deployment, ["ada"], LIMITS);
    expect(whyUnread).toBe(expected);
    expect(carts).toHaveLength(1);
  });

  test("further unread carts are counted", async () => {
    const { deployment } = deploymentOf(() => answer(429, ""));
    const { whyUnread } = await readCarts(deployment, ["ada", "bea"], LIMITS);
    expect(whyUnread).toMatch(/^us-\S+ did not show the cart of \w+ \(status 429\), nor 3 more$/);
  });

  test("carts that still differ are told as they are", async () => {
    const { deployment } = deploymentOf((region) => (region === WEST ? cart() : cart(LINE)));
    const { carts, whyUnread } = await readCarts(deployment, ["ada"], LIMITS);
    expect([carts.map(({ lines }) => lines.length).sort(), whyUnread]).toEqual([[0, 1], undefined]);
  });

  test("an error of the drill itself is not taken for a region's", async () => {
    const { deployment } = deploymentOf(() => new TypeError("a defect"));
    await expect(readCarts(deployment, ["ada"], LIMITS)).rejects.toThrow("a defect");
  });
});
