import type { DrillEvent, RequestRecord } from "../../../drill/measure/history";
import type { CartPut, ShownCart } from "../../../drill/measure/lost-puts";
import type { WritesObserved } from "../../../drill/measure/lost-writes";
import { measure, type Observations } from "../../../drill/measure/measure";
import type { OrderFate } from "../../../drill/measure/order-fate";
import type { StrandedWrite } from "../../../drill/measure/recovery-point";

export const BEGAN = 30_000;
export const ENDED = 120_000;

export const request = (
  atMs: number,
  outcome: RequestRecord["outcome"],
  changes: Partial<RequestRecord> = {},
): RequestRecord => ({
  startedAtMs: atMs - 100,
  endedAtMs: atMs,
  clientId: 1,
  clientKind: "ttl",
  operation: "GET /cart",
  outcome,
  region: "us-east-1",
  ...changes,
});
export const event = (atMs: number, kind: DrillEvent["kind"], subject?: string): DrillEvent => ({
  atMs,
  kind,
  text: kind,
  ...(subject === undefined ? {} : { subject }),
});
export const order = (changes: Partial<OrderFate> = {}): OrderFate => ({
  ...{ orderId: "o", userId: "ada", region: "us-east-1", acknowledgedAtMs: 20_000 },
  isPresent: true,
  status: "PAID",
  charges: 1,
  isAmountRight: true,
  ...changes,
});
export const stranded = (ageAtFaultWallMs: number, inTheEnd: StrandedWrite["inTheEnd"]): StrandedWrite => ({
  what: "cart",
  acknowledgedAtMs: 0,
  ageAtFaultWallMs,
  inTheEnd,
});

/** A put of Ada's, acknowledged by the primary within 100 ms. */
export const put = (changes: Partial<CartPut> = {}): CartPut => ({
  ...{ userId: "ada", sku: "tea", quantity: 2, unitPriceMinor: 500, currency: "EUR", region: "us-east-1" },
  ...{ startedAtMs: 1_000, acknowledgedAtMs: 1_100 },
  ...changes,
});
/** The same put without an answer. */
export function unanswered({ acknowledgedAtMs: _, ...rest }: CartPut): CartPut {
  return rest;
}
export const shown = (region: string, lines: readonly CartPut[], userId = "ada"): ShownCart => ({
  ...{ userId, region },
  lines: lines.map(({ sku, quantity, unitPriceMinor, currency }) => ({ sku, quantity, unitPriceMinor, currency })),
});
/** One put, in the cart that both regions show. */
export const written = (changes: Partial<WritesObserved> = {}): WritesObserved => ({
  puts: [put()],
  reading: { carts: ["us-east-1", "us-west-2"].map((region) => shown(region, [put()])) },
  orderedLines: [],
  overwrittenItems: [],
  ...changes,
});

export const measured = (changes: Partial<Observations> = {}) =>
  measure({
    requests: [],
    events: [],
    steadyMs: 20_000,
    answerBeforeFault: "us-east-1",
    faultBeganAtMs: BEGAN,
    faultEndedAtMs: ENDED,
    primaryRegion: "us-east-1",
    standbyRegions: ["us-west-2"],
    primaryCheckId: "in-service",
    strandedWrites: [],
    assumedLag: { medianMs: 600, p99Ms: 2_000, borneFactor: 2 },
    coldStandby: { ms: 200, operation: "POST /checkout", isAnswered: true },
    primaryWrites: { replicated: 50, withoutReplica: 0 },
    orders: [],
    untoldOrders: [],
    openCheckouts: [],
    written: written(),
    allowances: [],
    wallMs: 10_000,
    ...changes,
  });
