import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import * as z from "zod";
import { checkoutRoutes } from "../../constructs/http-api/checkout-routes";
import { cartFingerprint } from "../../handlers/domain/cart-lines";
import { correlationIdOf } from "../../handlers/http-request";
import {
  cartItemBody,
  checkoutBody,
  idempotencyKeyHeader,
  noQuery,
  orderIdParameter,
  removalQuery,
  skuParameter,
} from "../../handlers/request-schemas";
import { httpRequest } from "./events";
import {
  type AnyJson,
  compile,
  compileSealed,
  document,
  isOfGateway,
  metaSchema,
  operationOf,
  operations,
  resolved,
  schemaHolders,
} from "./openapi-document";

const routes = checkoutRoutes("/health");
const byJwt = routes.filter(({ authorization }) => authorization === "JWT");
const routeKeyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

const accepts = (validator: z.core.$ZodType, value: unknown) => z.safeParse(validator, value).success;

function parameterOf(routeKey: string, place: string, name: string): AnyJson {
  const parameter = operationOf(routeKey).parameters.find((each) => each.in === place && each.name === name);
  if (parameter === undefined) throw new Error(`docs/openapi.yaml has no ${place} parameter '${name}' at ${routeKey}`);
  return parameter;
}

const bodyOf = (routeKey: string) => operationOf(routeKey).requestBody.content["application/json"].schema;

/** What the service checks, and where the document says the same. The one schema that reads a text as a number comes further down. */
const REQUEST_SCHEMAS: [string, z.core.$ZodType, AnyJson][] = [
  ["body of PUT /cart/items/{sku}", cartItemBody, bodyOf("PUT /cart/items/{sku}")],
  ["body of POST /checkout", checkoutBody, bodyOf("POST /checkout")],
  ["'sku' of PUT /cart/items/{sku}", skuParameter, parameterOf("PUT /cart/items/{sku}", "path", "sku").schema],
  ["'sku' of DELETE /cart/items/{sku}", skuParameter, parameterOf("DELETE /cart/items/{sku}", "path", "sku").schema],
  [
    "'orderId' of GET /orders/{orderId}",
    orderIdParameter,
    parameterOf("GET /orders/{orderId}", "path", "orderId").schema,
  ],
  [
    "'idempotency-key' of POST /checkout",
    idempotencyKeyHeader,
    parameterOf("POST /checkout", "header", "idempotency-key").schema,
  ],
];

/** Without what only people read. */
function rules(schema: AnyJson): AnyJson {
  const { $schema, description, ...rest } = resolved(schema);
  if (rest.properties === undefined) return rest;
  const properties = Object.entries(rest.properties).map(([name, property]) => [name, rules(property)]);
  return { ...rest, properties: Object.fromEntries(properties) };
}

/** Values that a schema allows, and their neighbours that it may not. */
function near(schema: AnyJson): fc.Arbitrary<unknown> {
  if (schema.type === "integer") {
    const { minimum, maximum } = schema;
    const edges = [minimum - 1, minimum, minimum + 1, minimum + 0.5, maximum - 1, maximum, maximum + 1, maximum * 2];
    return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(...edges, String(minimum)));
  }
  if (schema.type === "string") {
    const allowed = fc.stringMatching(new RegExp(schema.pattern));
    const put = fc.oneof(fc.constantFrom("", "\n", " ", "é", "a", "0", "A", "-"), fc.string());
    const changed = fc
      .tuple(allowed, fc.nat(200), put)
      .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1));
    const bounds = [...schema.pattern.matchAll(/\d+(?=[,}])/g)].map(Number);
    const lengths = bounds.flatMap((bound) => [bound - 1, bound, bound + 1, bound + 2, bound + 3]);
    const stretched = fc
      .tuple(allowed, fc.constantFrom(...lengths))
      .map(([text, length]) => text.slice(0, 1).repeat(Math.max(0, length)));
    return fc.oneof(
      allowed,
      changed,
      stretched,
      allowed.map((text) => text.toUpperCase()),
    );
  }
  const field = (property: AnyJson) => fc.oneof({ weight: 9, arbitrary: near(property) }, fc.jsonValue());
  const names = fc.oneof(fc.constantFrom("__proto__", "constructor", "expectedversion"), fc.string());
  const extra = fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.array(fc.tuple(names, fc.jsonValue())));
  const fields = Object.entries<AnyJson>(schema.properties).map(([name, property]) =>
    fc.option(field(property), { freq: 12, nil: undefined }).map((value) => [name, value] as const),
  );
  return fc
    .tuple(fc.tuple(...fields), extra)
    .map(([own, more]) => Object.fromEntries([...more, ...own].filter(([, value]) => value !== undefined)));
}

/** Runs `agree` often, and makes sure that the values were of both kinds. */
function holdsForBothKinds<T>(values: fc.Arbitrary<T>, agree: (value: T) => boolean): void {
  const seen = { allowed: 0, refused: 0 };
  const property = fc.property(values, (value) => {
    seen[agree(value) ? "allowed" : "refused"] += 1;
  });
  fc.assert(property, { numRuns: 600 });
  expect(Math.min(seen.allowed, seen.refused)).toBeGreaterThan(30);
}

test("the document is OpenAPI 3.1", () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(metaSchema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
});

test("every schema in the document compiles", () => {
  expect(schemaHolders().length).toBeGreaterThan(30);
  for (const [, { schema }] of schemaHolders()) compile(schema);
  for (const name of Object.keys(document.components.schemas))
    compile(resolved({ $ref: `#/components/schemas/${name}` }));
});

test("the document has the API's routes and no others", () => {
  expect(operations.map(({ routeKey }) => routeKey).sort()).toEqual(routes.map(routeKeyOf).sort());
});

test("each operation has a name of its own", () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});

test.each(routes)("$method $path needs the token that its route asks for", (route) => {
  const expected = route.authorization === "JWT" ? [{ bearer: [] }] : [];
  expect(operationOf(routeKeyOf(route)).security).toEqual(expected);
});

test.each(routes)("$method $path has a path parameter for each brace", (route) => {
  const { parameters } = operationOf(routeKeyOf(route));
  const documented = parameters.filter((parameter) => parameter.in === "path");
  expect(documented.map(({ name }) => name)).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  expect(documented.every(({ required }) => required)).toBe(true);
});

test.each(byJwt)("$method $path has the query parameters that the service knows", (route) => {
  const { properties, required } = z.toJSONSchema(route.method === "DELETE" ? removalQuery : noQuery, { io: "input" });
  const { parameters } = operationOf(routeKeyOf(route));
  const documented = parameters.filter((parameter) => parameter.in === "query");
  expect(documented.map(({ name }) => name)).toEqual(Object.keys(properties ?? {}));
  expect(documented.filter(({ required }) => required).map(({ name }) => name)).toEqual(required ?? []);
});

test.each(operations)(
  "$routeKey says whether its body and its headers may be missing",
  ({ routeKey, ...operation }) => {
    const isRequired = { "PUT /cart/items/{sku}": true, "POST /checkout": false }[routeKey];
    expect(operation.requestBody?.required).toBe(isRequired);
    const headers = operation.parameters.filter((parameter) => parameter.in === "header" && parameter.required);
    expect(headers.map(({ name }) => name)).toEqual(routeKey === "POST /checkout" ? ["idempotency-key"] : []);
  },
);

test.each(REQUEST_SCHEMAS)("%s: the document has the rules that the service checks", (_, validator, schema) => {
  expect(rules(schema)).toEqual(rules(z.toJSONSchema(validator, { io: "input" })));
});

test.each(REQUEST_SCHEMAS)("%s: the document allows what the service takes", (_, validator, schema) => {
  const allows = compile(schema);
  const values = fc.oneof({ weight: 5, arbitrary: near(rules(schema)) }, fc.jsonValue());
  holdsForBothKinds(values, (value) => {
    const received = JSON.parse(JSON.stringify(value));
    expect([received, allows(received)]).toEqual([received, accepts(validator, received)]);
    return allows(received);
  });
});

test("'expectedVersion' of DELETE: the document allows the numbers that the service takes, and neither allows anything else", () => {
  const { schema } = parameterOf("DELETE /cart/items/{sku}", "query", "expectedVersion");
  const allows = compile(schema);
  const texts = fc.oneof(
    near(schema).map(String),
    fc.maxSafeInteger().map(String),
    fc.double().map(String),
    fc.string(),
    fc.constantFrom("", " 1", "1 ", "+1", "0x1", "1,2", "١", "NaN", "Infinity"),
  );
  // Zeros in front are the service's indulgence: nobody writes a number so.
  holdsForBothKinds(
    texts.filter((text) => !/^0\d+$/.test(text)),
    (text) => {
      const meant = String(Number(text)) === text ? Number(text) : text;
      expect([text, allows(meant)]).toEqual([text, accepts(removalQuery, { expectedVersion: text })]);
      return allows(meant);
    },
  );
});

test("'x-correlation-id': the document allows what the service takes over", () => {
  const { schema } = parameterOf("GET /cart", "header", "x-correlation-id");
  const allows = compile(schema);
  holdsForBothKinds(near(schema) as fc.Arbitrary<string>, (text) => {
    const request = httpRequest("GET /cart", { headers: { "x-correlation-id": text } });
    expect([text, allows(text)]).toEqual([text, correlationIdOf(request) === text]);
    return allows(text);
  });
});

test("every media type and parameter has an example, and every example is as its schema says", () => {
  for (const [where, { schema, example, examples }] of schemaHolders()) {
    const all = [
      ...(example === undefined ? [] : [example]),
      ...Object.values(examples ?? {}).map((each) => resolved(each).value),
    ];
    if (!where.includes("/headers/")) expect([where, all.length]).not.toEqual([where, 0]);
    const validate = compileSealed(schema);
    for (const value of all) expect([where, validate(value), validate.errors]).toEqual([where, true, null]);
  }
});

test("the carts shown have the fingerprints of their lines", () => {
  const examples = Object.values<AnyJson>(document.components.responses.Cart.content["application/json"].examples);
  expect(examples.length).toBeGreaterThan(0);
  for (const { value } of examples) expect(value.fingerprint).toBe(cartFingerprint(value.lines));
});

test.each(operations)(
  "$routeKey may be throttled or not reached at all: API Gateway says so",
  ({ responses, security }) => {
    const statuses = security.length === 0 ? ["429", "500", "503"] : ["401", "429", "500", "503"];
    for (const status of statuses) {
      const validate = compileSealed(responses[status].content["application/json"].schema);
      expect([status, validate({ message: "a sentence" })]).toEqual([status, true]);
    }
  },
);

test("headers that API Gateway's own answers lack are not promised where it may answer", () => {
  for (const { routeKey, responses } of operations) {
    for (const [status, { content, headers = {} }] of Object.entries(responses)) {
      const promised = Object.entries<AnyJson>(headers).filter(([, header]) => resolved(header).required);
      const mayBeGateway = Object.keys(content).some((mediaType) => isOfGateway(status, mediaType));
      expect([routeKey, status, promised.length > 0]).toEqual([routeKey, status, !mayBeGateway]);
    }
  }
});
