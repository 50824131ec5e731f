import { RouteTable } from "../../../local-aws/http-api/routes";

const table = (...routeKeys: string[]) => new RouteTable(routeKeys.map((routeKey) => ({ routeKey })));

const SHOP = table(
  "$default",
  "ANY /{proxy+}",
  "GET /pets/{proxy+}",
  "ANY /pets/dog/{id}",
  "GET /pets/dog/{id}",
  "GET /pets/{kind}/1",
  "GET /pets/dog/1",
  "GET /",
);

test.each([
  ["GET", "/pets/dog/1", "GET /pets/dog/1", {}],
  ["GET", "/pets/dog/2", "GET /pets/dog/{id}", { id: "2" }],
  ["POST", "/pets/dog/1", "ANY /pets/dog/{id}", { id: "1" }],
  ["GET", "/pets/cat/1", "GET /pets/{kind}/1", { kind: "cat" }],
  ["GET", "/pets/cat/2", "GET /pets/{proxy+}", { proxy: "cat/2" }],
  ["POST", "/pets/cat/2", "ANY /{proxy+}", { proxy: "pets/cat/2" }],
  ["GET", "/pets", "ANY /{proxy+}", { proxy: "pets" }],
  ["GET", "/", "GET /", {}],
  ["POST", "/", "$default", {}],
])("%s %s goes to %s", (method, path, routeKey, pathParameters) => {
  expect(SHOP.match(method, path)).toEqual({ route: { routeKey }, pathParameters });
});

test("a full match beats a greedy one, even with the method named there", () => {
  expect(table("GET /pets/{proxy+}", "ANY /{kind}/{id}").match("GET", "/pets/1")?.route.routeKey).toBe(
    "ANY /{kind}/{id}",
  );
  expect(table("GET /{proxy+}", "ANY /pets").match("GET", "/pets")?.route.routeKey).toBe("ANY /pets");
});

test("the order of declaration does not matter", () => {
  const keys = ["ANY /a/{x}", "GET /a/{x}", "GET /a/b", "GET /{y}/b", "GET /a/{rest+}"];
  for (const routes of [keys, [...keys].reverse()]) {
    expect(table(...routes).match("GET", "/a/b")?.route.routeKey).toBe("GET /a/b");
    expect(table(...routes).match("GET", "/a/c")?.route.routeKey).toBe("GET /a/{x}");
    expect(table(...routes).match("PUT", "/a/c")?.route.routeKey).toBe("ANY /a/{x}");
  }
});

test.each(["/cart/", "/Cart", "/car", "/cart/x", "//cart", "/cart/items/"])("%s is not /cart", (path) => {
  expect(table("GET /cart", "PUT /cart", "GET /cart/items/{sku}").match("GET", path)).toBeUndefined();
});

test("another method is not found", () => {
  expect(table("GET /cart").match("POST", "/cart")).toBeUndefined();
});

test("decodes what path variables stand for, and leaves what is wrongly encoded", () => {
  const items = table("GET /cart/items/{sku}");
  expect(items.match("GET", "/cart/items/caf%C3%A9%20noir")?.pathParameters).toEqual({ sku: "café noir" });
  expect(items.match("GET", "/cart/items/100%")?.pathParameters).toEqual({ sku: "100%" });
});
