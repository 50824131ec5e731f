import { mayInvoke } from "../../../local-aws/http-api/permission";
import { declaredFunction } from "../lambda/declared-function";

const REQUEST = { region: "us-east-1", accountId: "123456789012", apiId: "abc", method: "GET", routeKey: "GET /cart" };
const API = "arn:aws:execute-api:us-east-1:123456789012:abc";

const allows = (
  sourceArn: string | undefined,
  request: Partial<typeof REQUEST> = {},
  principal = "apigateway.amazonaws.com",
) =>
  mayInvoke(declaredFunction({}, { invokers: [{ principal, ...(sourceArn === undefined ? {} : { sourceArn }) }] }), {
    ...REQUEST,
    ...request,
  });

test("a permission holds for the API, the method and the path that it names", () => {
  expect(allows(`${API}/*/GET/cart`)).toBe(true);
  expect(allows(`${API}/*/*`)).toBe(true);
  expect(allows(undefined)).toBe(true);
  expect(allows(`${API}/*/PUT/cart/items/{sku}`, { method: "PUT", routeKey: "PUT /cart/items/{sku}" })).toBe(true);
  expect(allows(`${API}/*/$default`, { routeKey: "$default" })).toBe(true);
});

test("and for no other", () => {
  expect(allows(`${API}/*/POST/cart`)).toBe(false);
  expect(allows(`${API}/*/GET/carts`)).toBe(false);
  expect(allows(`${API}/*/GET/cart`, { region: "us-west-2" })).toBe(false);
  expect(allows(`${API}/*/GET/cart`, { apiId: "other" })).toBe(false);
  expect(allows(undefined, {}, "scheduler.amazonaws.com")).toBe(false);
  expect(mayInvoke(declaredFunction({}, { invokers: [] }), REQUEST)).toBe(false);
});
