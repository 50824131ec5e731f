import { eventOf } from "../../../local-aws/http-api/event";

const CIRCUMSTANCES = {
  accountId: "123456789012",
  apiId: "abc",
  domainName: "api.example.com",
  routeKey: "PUT /cart/items/{sku}",
  pathParameters: { sku: "tea pot" },
  requestId: "JKJaXmPLvHcESHA=",
  receivedAt: new Date("2026-11-02T09:05:01.250Z"),
};

const REQUEST = {
  method: "PUT",
  url: "/cart/items/tea%20pot?tag=a&tag=b%20c&empty=",
  rawHeaders: [
    ...["Host", "api.example.com", "X-Trace", "one", "X-Trace", "two", "User-Agent", "shop/1"],
    ...["Cookie", "a=1; b=2", "Content-Type", "application/json"],
  ],
  body: Buffer.from('{"quantity":1}'),
  sourceIp: "127.0.0.1",
};

test("is a request in payload format 2.0", () => {
  const claims = { sub: "ada" };
  expect(eventOf(REQUEST, { ...CIRCUMSTANCES, claims })).toEqual({
    version: "2.0",
    routeKey: "PUT /cart/items/{sku}",
    rawPath: "/cart/items/tea pot",
    rawQueryString: "tag=a&tag=b%20c&empty=",
    cookies: ["a=1", "b=2"],
    headers: {
      host: "api.example.com",
      "x-trace": "one,two",
      "user-agent": "shop/1",
      "content-type": "application/json",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    },
    queryStringParameters: { tag: "a,b c", empty: "" },
    pathParameters: { sku: "tea pot" },
    requestContext: {
      accountId: "123456789012",
      apiId: "abc",
      authorizer: { jwt: { claims: { sub: "ada" }, scopes: null } },
      domainName: "api.example.com",
      domainPrefix: "api",
      http: {
        method: "PUT",
        path: "/cart/items/tea pot",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "shop/1",
      },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: "PUT /cart/items/{sku}",
      stage: "$default",
      time: "02/Nov/2026:09:05:01 +0000",
      timeEpoch: 1793610301250,
    },
    body: '{"quantity":1}',
    isBase64Encoded: false,
  });
});

test("leaves out what the request does not have", () => {
  const request = { ...REQUEST, method: "GET", url: "/cart", rawHeaders: [], body: Buffer.alloc(0) };
  const event = eventOf(request, { ...CIRCUMSTANCES, routeKey: "GET /cart", pathParameters: {} });
  for (const absent of ["cookies", "queryStringParameters", "pathParameters", "body"]) {
    expect(event).not.toHaveProperty(absent);
  }
  expect(event.requestContext).not.toHaveProperty("authorizer");
  expect(event).toMatchObject({ rawQueryString: "", isBase64Encoded: false });
});

test.each([
  ["text/plain; charset=utf-8", false],
  ["application/json", false],
  ["application/problem+json", false],
  ["image/png", true],
  ["application/x-www-form-urlencoded", true],
])("a body of %s is in base64: %s", (type, isBase64Encoded) => {
  const event = eventOf({ ...REQUEST, rawHeaders: ["Content-Type", type], body: Buffer.from("æ") }, CIRCUMSTANCES);
  expect(event).toMatchObject({ isBase64Encoded, body: isBase64Encoded ? "w6Y=" : "æ" });
});
