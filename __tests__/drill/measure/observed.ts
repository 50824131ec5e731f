import type { DrillEvent, RequestRecord } from "../../../drill/measure/history";
import { measure, type Observations, type OrderFate } from "../../../drill/measure/measure";
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
  honoursTtl: true,
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
  orderId: "o",
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
    primaryWrites: { replicated: 50, withoutReplica: 0 },
    orders: [],
    untoldOrders: [],
    openCheckouts: [],
    wallMs: 10_000,
    ...changes,
  });
