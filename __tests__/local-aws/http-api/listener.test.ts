import { connect as connectTcp } from "node:net";
import { Authority } from "../../../local-aws/certificates/authority";
import type { HttpApiEvent } from "../../../local-aws/http-api/event";
import { RegionListener } from "../../../local-aws/http-api/listener";
import { TokenIssuer } from "../../../local-aws/jwt/issuer";
import type { InvocationResult } from "../../../local-aws/lambda/invocation";
import { declaredFunction, eventually } from "../lambda/declared-function";
import { RegionClient } from "./region-client";
import { ADMIN, API, INVOKERS, ISSUER, shopRegion } from "./shop-region";

let authority: Authority;
let issuer: TokenIssuer;
let listener: RegionListener;
let port: number;
let client: RegionClient;
/** What the function answers; by default the event that it got. */
let invoke: (event: HttpApiEvent) => Promise<InvocationResult>;
/** The last number is drawn again and again. */
let drawn: number[];

const live = { name: API, path: "/live" };

beforeAll(async () => {
  [authority, issuer] = await Promise.all([Authority.create(), TokenIssuer.create(ISSUER)]);
});

beforeEach(async () => {
  invoke = async (event) => ({ payload: { ...event } });
  drawn = [0.5];
  listener = new RegionListener({
    region: shopRegion(declaredFunction({}, { invokers: INVOKERS })),
    accountId: "123456789012",
    issuers: new Map([[ISSUER, issuer.jwks]]),
    authority,
    invoke: (_, event) => invoke(event as HttpApiEvent),
    random: () => (drawn.length > 1 ? drawn.shift() : drawn[0]) ?? 0,
  });
  port = await listener.start();
  client = newClient();
});

afterEach(async () => {
  for (const open of clients.splice(0)) open.close();
  await listener.stop();
});

const clients: RegionClient[] = [];

function newClient(ca: string | undefined = authority.caPem): RegionClient {
  const created = new RegionClient(port, ca);
  clients.push(created);
  return created;
}

/** Whether nothing comes of it for a while. */
function hangs(answer: Promise<unknown>, ms = 150): Promise<boolean> {
  const swallowed = answer.then(
    () => false,
    () => false,
  );
  return Promise.race([swallowed, new Promise<boolean>((resolve) => setTimeout(() => resolve(true), ms))]);
}

describe("names", () => {
  test("each domain has its certificate, and its API", async () => {
    const ofShop = await client.ask(live);
    expect(JSON.parse(ofShop.body)).toMatchObject({ requestContext: { apiId: "abc", domainName: API } });
    const ofAdmin = await newClient().ask({ name: ADMIN, path: "/live" });
    expect(JSON.parse(ofAdmin.body)).toMatchObject({ requestContext: { apiId: "def", domainName: ADMIN } });
  });

  test("a name that no domain declares has no certificate that a customer accepts", async () => {
    await expect(client.ask({ ...live, name: "elsewhere.example.com" })).rejects.toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("nor has a domain whose declared certificate is for another name", async () => {
    await expect(client.ask({ ...live, name: "wrong.example.com" })).rejects.toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("a client that does not know the authority refuses", async () => {
    await expect(newClient("").ask(live)).rejects.toMatch(/UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)/);
  });

  test("a health checker, which does not verify, is let in, but finds no API at an unknown name", async () => {
    const answer = await client.ask({ ...live, name: "elsewhere.example.com", rejectUnauthorized: false });
    expect(answer).toMatchObject({ statusCode: 403, body: '{"message":"Forbidden"}' });
  });

  test("the API is chosen by the Host header", async () => {
    expect(await client.ask({ ...live, headers: { host: "elsewhere.example.com" } })).toMatchObject({
      statusCode: 403,
    });
    const { body } = await client.ask({ ...live, headers: { host: `${ADMIN.toUpperCase()}:443` } });
    expect(JSON.parse(body)).toMatchObject({ requestContext: { apiId: "def" } });
  });
});

describe("answers", () => {
  test("connections are kept", async () => {
    expect(await client.ask(live)).toMatchObject({ isOnKnownConnection: false });
    expect(await client.ask(live)).toMatchObject({ isOnKnownConnection: true });
  });

  test("the function's status, headers, cookies and body come through", async () => {
    invoke = async () => ({
      payload: {
        statusCode: 201,
        headers: { "X-Kind": "tea" },
        cookies: ["a=1", "b=2"],
        isBase64Encoded: true,
        body: "w6Y=",
      },
    });
    expect(await client.ask(live)).toMatchObject({
      statusCode: 201,
      headers: { "x-kind": "tea", "set-cookie": ["a=1", "b=2"], "apigw-requestid": expect.stringMatching(/^.{15}=$/) },
      body: "æ",
    });
  });

  test("there is nothing where no route is", async () => {
    expect(await client.ask({ ...live, path: "/live/" })).toMatchObject({
      statusCode: 404,
      body: '{"message":"Not Found"}',
    });
  });

  test("a function that fails is an internal error", async () => {
    invoke = async () => ({ functionError: "any", errorType: "TypeError" });
    expect(await client.ask(live)).toMatchObject({ statusCode: 500, body: '{"message":"Internal Server Error"}' });
  });

  test("so is one that API Gateway may not invoke, and it is not invoked", async () => {
    let invocations = 0;
    invoke = async () => {
      invocations += 1;
      return { payload: null };
    };
    expect(await client.ask({ ...live, path: "/nobody-may" })).toMatchObject({ statusCode: 500 });
    expect(invocations).toBe(0);
  });

  test("a function that takes too long is given up", async () => {
    invoke = () => new Promise(() => undefined);
    expect(await client.ask({ ...live, path: "/impatient" })).toMatchObject({
      statusCode: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });

  test("too many requests are throttled, by the route's own limit", async () => {
    const few = { name: API, path: "/few" };
    const statuses = [await client.ask(few), await client.ask(few), await client.ask(few)];
    expect(statuses.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
    expect(statuses[2]?.body).toBe('{"message":"Too Many Requests"}');
    expect(await client.ask(live)).toMatchObject({ statusCode: 200 });
  });
});

describe("tokens", () => {
  const cart = { name: API, path: "/cart" };

  test("a good one lets the request through, with its claims", async () => {
    const token = await issuer.sign({ subject: "ada", audience: "checkout" });
    const authorization = `Bearer ${token}`;
    const headers = { authorization, "content-type": "application/json" };
    const { statusCode, body } = await client.ask({
      ...{ name: API, path: "/cart/items/tea%20pot?gift=1", method: "PUT", headers, body: '{"quantity":1}' },
    });
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      routeKey: "PUT /cart/items/{sku}",
      pathParameters: { sku: "tea pot" },
      queryStringParameters: { gift: "1" },
      body: '{"quantity":1}',
      requestContext: { authorizer: { jwt: { claims: { sub: "ada", exp: expect.stringMatching(/^\d+$/) } } } },
    });
  });

  test("without one the request is refused, and told how to authenticate", async () => {
    expect(await client.ask(cart)).toMatchObject({
      statusCode: 401,
      headers: { "www-authenticate": "Bearer" },
      body: '{"message":"Unauthorized"}',
    });
  });

  test("with a wrong one, it is told why", async () => {
    const token = await issuer.sign({ subject: "ada", audience: "elsewhere" });
    expect(await client.ask({ ...cart, headers: { authorization: `Bearer ${token}` } })).toMatchObject({
      statusCode: 401,
      headers: {
        "www-authenticate": expect.stringContaining('error_description="the token does not have a valid audience"'),
      },
    });
  });

  test("an issuer whose keys are not there is found at the start", () => {
    const props = { region: shopRegion(), accountId: "123456789012", issuers: new Map(), authority };
    expect(() => new RegionListener({ ...props, invoke: async () => ({ payload: null }) })).toThrow(
      `api-us-east-1: aws_apigatewayv2_authorizer.jwt: the drill has no keys of ${ISSUER}`,
    );
  });
});

describe("faults", () => {
  test("blackhole: not a byte comes back to a new connection", async () => {
    listener.setFault("blackhole");
    expect(await hangs(newClient().ask(live))).toBe(true);
    const socket = connectTcp(port, "127.0.0.1");
    const seen: string[] = [];
    for (const event of ["data", "end", "close", "error"]) socket.on(event, () => seen.push(event));
    socket.write("not even TLS");
    await hangs(new Promise(() => undefined));
    expect(seen).toEqual([]);
    socket.destroy();
  });

  test("blackhole: a known connection hangs, and new ones are answered afterwards", async () => {
    await client.ask(live);
    listener.setFault("blackhole");
    let invocations = 0;
    invoke = async () => {
      invocations += 1;
      return { payload: null };
    };
    const lost = client.ask(live);
    expect(await hangs(lost)).toBe(true);
    expect(invocations).toBe(0);
    listener.setFault("none");
    expect(await newClient().ask(live)).toMatchObject({ statusCode: 200 });
    expect(await hangs(lost)).toBe(true);
  });

  test("blackhole: what was under way is done, but its answer is lost", async () => {
    let isDone = false;
    let finish: (() => void) | undefined;
    invoke = (event) =>
      new Promise((resolve) => {
        finish = () => {
          isDone = true;
          resolve({ payload: event.routeKey });
        };
      });
    const lost = client.ask(live);
    await eventually(() => finish !== undefined);
    listener.setFault("blackhole");
    finish?.();
    expect(await hangs(lost)).toBe(true);
    expect(isDone).toBe(true);
  });

  test("blackhole: an idle connection serves again afterwards", async () => {
    await client.ask(live);
    listener.setFault("blackhole");
    listener.setFault("none");
    expect(await client.ask(live)).toMatchObject({ statusCode: 200, isOnKnownConnection: true });
  });

  test("refuse: connections are reset, known ones too, until the fault is over", async () => {
    invoke = () => new Promise(() => undefined);
    const underWay = client.ask(live);
    const isReset = expect(underWay).rejects.toBe("ECONNRESET");
    await hangs(underWay, 100);
    listener.setFault("refuse");
    await isReset;
    await expect(newClient().ask(live)).rejects.toBe("ECONNRESET");
    listener.setFault("none");
    invoke = async () => ({ payload: null });
    expect(await client.ask(live)).toMatchObject({ statusCode: 200, isOnKnownConnection: false });
  });

  test("failShare: the drawn share of requests is answered 503", async () => {
    drawn = [0.1, 0.5, 0.29, 0.3, 0.9];
    listener.setFault({ failShare: 0.3 });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await client.ask(live)).statusCode);
    expect(statuses).toEqual([503, 200, 503, 200, 200]);
    listener.setFault("none");
    drawn = [0];
    expect(await client.ask(live)).toMatchObject({ statusCode: 200 });
  });
});
