import { checkoutRoutes } from "../../constructs/http-api/checkout-routes";
import { type CartLine, cartFingerprint, MAX_LINES, sortedLines } from "../../handlers/domain/cart-lines";
import type { Order } from "../../handlers/domain/order";
import { orderIdOf } from "../../handlers/domain/order-id";
import { numberOf, type RegionalCart } from "../../handlers/domain/regional-cart";
import type { HttpResponse } from "../../handlers/http-response";
import { makeCartHandler } from "../../handlers/operations/cart";
import { makeCheckoutHandler } from "../../handlers/operations/checkout";
import { makeHealthHandler } from "../../handlers/operations/health";
import { makeLiveHandler } from "../../handlers/operations/live";
import { makeOrderHandler } from "../../handlers/operations/order";
import type { CartStore, OrderStore, PaymentQueue, TableProbe } from "../../handlers/ports";
import {
  bodyOf,
  httpRequest,
  line,
  pendingOrder,
  REGION,
  REGIONS,
  type RequestParts,
  recordedLog,
  recordedMetrics,
  regionalCart,
} from "./events";
import {
  type AnyJson,
  compileSealed,
  document,
  isOfGateway,
  operationOf,
  operations,
  resolved,
} from "./openapi-document";

const NOW_MS = 1_767_225_600_000;
const REQUEST_ID = "request";

const GET_CART = "GET /cart";
const PUT_ITEM = "PUT /cart/items/{sku}";
const DELETE_ITEM = "DELETE /cart/items/{sku}";
const CHECKOUT = "POST /checkout";
const GET_ORDER = "GET /orders/{orderId}";

/** What the handlers meet in one case. */
interface World {
  readonly cart?: RegionalCart;
  /** Orders that stand already. */
  readonly orders?: readonly Order[];
  /** What every read and write ends with. */
  readonly fault?: Error;
  /** Another request is always faster. */
  readonly contended?: boolean;
}

interface Case extends World, RequestParts {
  readonly routeKey: string;
  /** Status, and what the problem's type ends in. */
  readonly answer: string;
  readonly because: string;
}

const unused = () => Promise.reject(new Error("not part of any route"));

function cartsIn({ cart, fault, contended = false }: World): CartStore {
  let stored = cart;
  const read = async () => {
    if (fault !== undefined) throw fault;
    return stored === undefined ? [] : [stored];
  };
  const replace = async (changed: RegionalCart, expectedNumber: number) => {
    if (contended || (stored === undefined ? 0 : numberOf(stored)) !== expectedNumber) return false;
    stored = changed;
    return true;
  };
  return { ...REGIONS, read, replace };
}

function ordersIn({ orders = [], fault }: World): OrderStore {
  const stored = new Map(orders.map((order) => [order.orderId, order]));
  const read = async (orderId: string) => {
    if (fault !== undefined) throw fault;
    return stored.get(orderId);
  };
  const place = async (order: Order) => ({
    order: stored.get(order.orderId) ?? order,
    created: !stored.has(order.orderId),
  });
  return { read, place, settle: unused, listUnpaid: unused, noteEnqueued: unused };
}

function answerOf({ routeKey, user, headers, path, query, body, ...world }: Case): Promise<HttpResponse> {
  const { log } = recordedLog();
  const common = { nowMs: () => NOW_MS, metrics: recordedMetrics(), log };
  const carts = cartsIn(world);
  const orders = ordersIn(world);
  const queue: PaymentQueue = { send: async () => {}, sendBatch: unused, batchSize: 10 };
  const probe: TableProbe = { probe: async () => void (await carts.read("anybody")) };
  const handlers: Readonly<Record<string, (request: ReturnType<typeof httpRequest>) => Promise<HttpResponse>>> = {
    health: makeHealthHandler({ probe, region: REGION, deadlineMs: 1_000, log }),
    live: makeLiveHandler(REGION),
    cart: makeCartHandler({ ...common, carts, ttlDays: 90 }),
    checkout: makeCheckoutHandler({ ...common, carts, orders, queue, region: REGION, cartTtlDays: 90 }),
    order: makeOrderHandler(orders, log),
  };
  const route = checkoutRoutes("/health").find(({ method, path: template }) => `${method} ${template}` === routeKey);
  const handler = handlers[route?.target ?? ""];
  if (handler === undefined) throw new Error(`no handler for ${routeKey}`);
  const given = Object.entries({ user, headers, path, query, body }).filter(([, value]) => value !== undefined);
  return handler(httpRequest(routeKey, Object.fromEntries(given)));
}

const KEY = { "idempotency-key": "k1" };
const MUG = { path: { sku: "mug" } };
const filled = regionalCart("ada", { mug: line() });
const fingerprintOf = (lines: Record<string, CartLine>) => cartFingerprint(sortedLines(new Map(Object.entries(lines))));
const full = regionalCart(
  "ada",
  Object.fromEntries(Array.from({ length: MAX_LINES }, (_, index) => [`sku-${index}`, line()])),
);
const placed = pendingOrder("ada", "k1");
const { unpaidRegion, lastEnqueuedAtMs, ...settled } = placed;
const paid: Order = { ...settled, status: "PAID", paidAtMs: NOW_MS, chargedMinor: placed.totalMinor };
const declined: Order = { ...settled, status: "DECLINED", declinedAtMs: NOW_MS };
const ofOrder = { path: { orderId: placed.orderId } };
const tooLarge = { note: "x".repeat(4_096) };

const CASES: readonly Case[] = [
  { routeKey: "GET /health", answer: "200", because: "the table can be read" },
  { routeKey: "GET /health", answer: "503 unavailable", because: "the table cannot be read", fault: new Error("gone") },
  { routeKey: "GET /live", answer: "200", because: "the function runs" },

  { routeKey: GET_CART, answer: "200", because: "there is no cart yet" },
  { routeKey: GET_CART, answer: "200", because: "there is a cart", cart: full },
  { routeKey: GET_CART, answer: "400 invalid-request", because: "a query parameter is unknown", query: { page: "1" } },

  { routeKey: PUT_ITEM, ...MUG, answer: "200", because: "the line is new", body: line() },
  { routeKey: PUT_ITEM, ...MUG, answer: "400 invalid-request", because: "there is no body" },
  { routeKey: PUT_ITEM, ...MUG, answer: "400 invalid-request", because: "the body is no JSON", body: "{" },
  { routeKey: PUT_ITEM, ...MUG, answer: "400 invalid-request", because: "fields are missing", body: {} },
  {
    routeKey: PUT_ITEM,
    ...MUG,
    answer: "400 invalid-request",
    because: "fields are unknown, another is too large",
    body: { ...line({ quantity: 1_000 }), expectedversion: 1, note: "" },
  },
  { routeKey: PUT_ITEM, path: { sku: "-" }, answer: "400 invalid-request", because: "the SKU is none", body: line() },
  {
    routeKey: PUT_ITEM,
    ...MUG,
    answer: "409 cart-changed",
    because: "the cart has another version",
    cart: filled,
    body: { ...line({ quantity: 7 }), expectedVersion: 4 },
  },
  {
    routeKey: PUT_ITEM,
    ...MUG,
    answer: "409 cart-changed",
    because: "other requests are always faster",
    contended: true,
    body: line(),
  },
  { routeKey: PUT_ITEM, ...MUG, answer: "409 cart-full", because: "there is no room", cart: full, body: line() },
  { routeKey: PUT_ITEM, ...MUG, answer: "413 body-too-large", because: "the body is too large", body: tooLarge },

  { routeKey: DELETE_ITEM, ...MUG, answer: "200", because: "the line was there", cart: filled },
  { routeKey: DELETE_ITEM, ...MUG, answer: "400 invalid-request", because: "of the query", query: { page: "1" } },
  {
    routeKey: DELETE_ITEM,
    ...MUG,
    answer: "400 invalid-request",
    because: "the version is none",
    query: { expectedVersion: "latest" },
  },
  {
    routeKey: DELETE_ITEM,
    ...MUG,
    answer: "409 cart-changed",
    because: "the cart has another version",
    cart: filled,
    query: { expectedVersion: "4" },
  },

  { routeKey: CHECKOUT, headers: KEY, answer: "201", because: "the key is new", cart: filled },
  { routeKey: CHECKOUT, headers: KEY, answer: "200", because: "it is a repeat", cart: filled, orders: [placed] },
  {
    routeKey: CHECKOUT,
    headers: KEY,
    answer: "200",
    because: "the customer saw what was ordered, although the cart is empty now",
    orders: [paid],
    body: { cartFingerprint: placed.cartFingerprint },
  },
  { routeKey: CHECKOUT, answer: "400 invalid-request", because: "there is no key", cart: filled },
  { routeKey: CHECKOUT, headers: KEY, answer: "400 invalid-request", because: "of the body", body: { cart: 1 } },
  { routeKey: CHECKOUT, headers: KEY, answer: "409 cart-empty", because: "the cart is empty" },
  { routeKey: CHECKOUT, headers: KEY, answer: "409 cart-empty", because: "the key is spent", orders: [placed] },
  {
    routeKey: CHECKOUT,
    headers: KEY,
    answer: "409 cart-changed",
    because: "the cart holds something else than the customer saw",
    cart: filled,
    body: { cartFingerprint: fingerprintOf({ cup: line() }) },
  },
  {
    routeKey: CHECKOUT,
    headers: KEY,
    answer: "409 mixed-currencies",
    because: "the cart has two currencies",
    cart: regionalCart("ada", { mug: line(), cup: line({ currency: "USD" }) }),
  },
  { routeKey: CHECKOUT, headers: KEY, answer: "413 body-too-large", because: "the body is too large", body: tooLarge },
  {
    routeKey: CHECKOUT,
    headers: KEY,
    answer: "422 idempotency-key-reused",
    because: "the key has ordered something else",
    cart: regionalCart("ada", { cup: line() }),
    orders: [placed],
  },

  { routeKey: GET_ORDER, ...ofOrder, answer: "200", because: "the order waits for payment", orders: [placed] },
  { routeKey: GET_ORDER, ...ofOrder, answer: "200", because: "the order is paid", orders: [paid] },
  { routeKey: GET_ORDER, ...ofOrder, answer: "200", because: "the order is declined", orders: [declined] },
  { routeKey: GET_ORDER, path: { orderId: "1" }, answer: "400 invalid-request", because: "the id is none" },
  {
    routeKey: GET_ORDER,
    path: { orderId: orderIdOf("ada", "k2") },
    answer: "404 not-found",
    because: "there is no such order",
    orders: [placed],
  },

  ...[GET_CART, PUT_ITEM, DELETE_ITEM, CHECKOUT, GET_ORDER].flatMap((routeKey): Case[] => {
    const valid = { routeKey, headers: KEY, path: { ...MUG.path, ...ofOrder.path } };
    const request = routeKey === PUT_ITEM ? { ...valid, body: line() } : valid;
    const passing = Object.assign(new Error("slow"), { name: "TimeoutError" });
    return [
      { ...request, answer: "401 unknown-user", because: "the token names no user", user: "" },
      { ...request, answer: "500 internal-error", because: "of a fault of ours", fault: new Error("bug") },
      { ...request, answer: "503 unavailable", because: "the table does not answer", fault: passing },
    ];
  }),
];

const typesIn = (schema: AnyJson): string[] =>
  (schema.allOf ?? [schema]).flatMap((part: AnyJson) => ("$ref" in part ? [] : (part.properties?.type?.enum ?? [])));

const suffixOf = (type: unknown) => String(type).replace("tag:example.com,2026:checkout/", "");

test.each(CASES)("$routeKey answers $answer, as documented, when $because", async (given) => {
  const { statusCode, headers = {}, body } = await answerOf(given);
  const answer = bodyOf({ body: body ?? "" });
  const [status = "", reason] = given.answer.split(" ");
  expect([String(statusCode), reason && suffixOf(answer["type"])]).toEqual([status, reason]);

  const documented = operationOf(given.routeKey).responses[status];
  const mediaType = String(headers["content-type"]);
  expect(isOfGateway(status, mediaType)).toBe(false);
  const validate = compileSealed(documented.content[mediaType].schema);
  expect([validate(answer), validate.errors]).toEqual([true, null]);

  const named = Object.entries<AnyJson>(documented.headers).map(([name, header]) => [name, resolved(header)] as const);
  const sent = Object.keys(headers).filter((name) => name !== "content-type");
  expect(sent.sort()).toEqual(named.map(([name]) => name).sort());
  for (const [name, header] of named) {
    expect([name, compileSealed(header.schema)(headers[name])]).toEqual([name, true]);
  }
  if (Number(status) >= 400) expect(answer).toMatchObject({ status: statusCode, requestId: REQUEST_ID });
});

test("every answer of the service that is documented was provoked", () => {
  const expected = operations.flatMap(({ routeKey, responses }) =>
    Object.entries(responses).flatMap(([status, { content }]) =>
      Object.entries<AnyJson>(content)
        .filter(([mediaType]) => !isOfGateway(status, mediaType))
        .flatMap(([, { schema }]) => {
          const types = typesIn(schema);
          return Number(status) < 400
            ? [`${routeKey} ${status}`]
            : types.map((type) => `${routeKey} ${status} ${suffixOf(type)}`);
        }),
    ),
  );
  const provoked = new Set(CASES.map(({ routeKey, answer }) => `${routeKey} ${answer}`));
  expect([...provoked].sort()).toEqual(expected.sort());
});

test("every type of problem was provoked", () => {
  const provoked = new Set(CASES.map(({ answer }) => answer.split(" ")[1]).filter((reason) => reason !== undefined));
  expect([...provoked].sort()).toEqual(document.components.schemas.Problem.properties.type.enum.map(suffixOf).sort());
});
