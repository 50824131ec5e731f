import { FAULTS } from "../../../drill/faults/faults";
import type { DrillEvent, RequestRecord } from "../../../drill/measure/history";
import { measure, type Observations, type OrderFate, type StrandedWrite } from "../../../drill/measure/measure";
import { judge, type Verdicts } from "../../../drill/measure/objectives";

const BEGAN = 30_000;
const ENDED = 120_000;

const request = (
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
const event = (atMs: number, kind: DrillEvent["kind"], subject?: string): DrillEvent => ({
  atMs,
  kind,
  text: kind,
  ...(subject === undefined ? {} : { subject }),
});
const order = (changes: Partial<OrderFate> = {}): OrderFate => ({
  orderId: "o",
  isPresent: true,
  status: "PAID",
  charges: 1,
  isAmountRight: true,
  ...changes,
});
const stranded = (ageAtFaultWallMs: number, inTheEnd: StrandedWrite["inTheEnd"]): StrandedWrite => ({
  what: "cart",
  acknowledgedAtMs: 0,
  ageAtFaultWallMs,
  inTheEnd,
});

const measured = (changes: Partial<Observations> = {}) =>
  measure({
    requests: [],
    events: [],
    faultBeganAtMs: BEGAN,
    faultEndedAtMs: ENDED,
    primaryRegion: "us-east-1",
    secondaryRegion: "us-west-2",
    primaryCheckId: "in-service",
    strandedWrites: [],
    orders: [],
    wallMs: 10_000,
    ...changes,
  });

describe("recovery time", () => {
  test("runs from the fault to the end of the last failed request", () => {
    const requests = [
      request(29_000, "acknowledged"),
      request(40_000, "failed"),
      request(75_000, "indeterminate"),
      request(80_000, "acknowledged"),
    ];
    expect(measured({ requests }).recoveryTimeMs).toBe(45_000);
  });

  test("looks only at clients that honour TTLs", () => {
    const requests = [request(40_000, "failed"), request(90_000, "failed", { honoursTtl: false })];
    expect(measured({ requests }).recoveryTimeMs).toBe(10_000);
  });

  test("is unknown when requests failed up to the fault's end", () => {
    expect(measured({ requests: [request(119_000, "failed")] })).not.toHaveProperty("recoveryTimeMs");
  });

  test("is nothing when nothing failed, and leaves out failures of other times", () => {
    const requests = [request(20_000, "failed"), request(130_000, "failed", { startedAtMs: 125_000 })];
    expect(measured({ requests }).recoveryTimeMs).toBe(0);
  });

  test("is divided into what it went to", () => {
    const events = [
      event(10_000, "check unhealthy", "in-service"),
      event(50_000, "check unhealthy", "another"),
      event(70_000, "check unhealthy", "in-service"),
      event(72_000, "answer changed", "us-west-2"),
    ];
    const { recoveryParts, detectionTimeMs, switchTimeMs } = measured({
      events,
      requests: [request(80_000, "failed")],
    });
    expect([detectionTimeMs, switchTimeMs]).toEqual([40_000, 42_000]);
    expect(recoveryParts.map(({ ms }) => ms)).toEqual([40_000, 2_000, 8_000]);
  });
});

test("the answer that counts as a switch is the standby", () => {
  expect(measured({ events: [event(50_000, "answer changed", "us-east-1")] })).not.toHaveProperty("switchTimeMs");
});

test("the recovery point is the age of the oldest write on its way, and each write's fate is counted", () => {
  const strandedWrites = [stranded(300, "present"), stranded(1_800, "lost to last-writer-wins"), stranded(100, "lost")];
  expect(measured({ strandedWrites })).toMatchObject({
    recoveryPointMs: 1_800,
    writesUnavailableAtFailover: 3,
    writesRecovered: 1,
    writesLostToLastWriterWins: 1,
  });
});

test("requests are counted by second, outcome and region", () => {
  const requests = [
    request(100, "acknowledged"),
    request(900, "failed"),
    request(2_500, "acknowledged", { region: "us-west-2" }),
  ];
  expect(measured({ requests }).perSecond).toEqual([
    { second: 0, acknowledged: { "us-east-1": 1 }, failed: 1, indeterminate: 0 },
    { second: 1, acknowledged: {}, failed: 0, indeterminate: 0 },
    { second: 2, acknowledged: { "us-west-2": 1 }, failed: 0, indeterminate: 0 },
  ]);
});

describe("hands on the switch", () => {
  const moved = [
    event(BEGAN, "stood down"),
    event(BEGAN + 40_000, "answer changed", "us-west-2"),
    event(BEGAN + 80_000, "released"),
    event(BEGAN + 85_000, "answer changed", "us-east-1"),
  ];

  test("the move lasts until the last request of an honest client is sent to the primary", () => {
    const requests = [
      request(BEGAN + 46_100, "acknowledged"),
      request(BEGAN + 60_000, "acknowledged", { honoursTtl: false }),
      request(BEGAN + 61_000, "acknowledged", { region: "us-west-2" }),
      request(BEGAN + 86_000, "acknowledged"),
    ];
    expect(measured({ events: moved, requests })).toMatchObject({
      movedTimeMs: 46_000,
      returns: 0,
      returnTimeMs: 5_000,
    });
  });

  test("an answer that leads back before the release is an unasked return, and the move did not hold", () => {
    const events = [...moved.slice(0, 2), event(BEGAN + 60_000, "answer changed", "us-east-1"), ...moved.slice(2)];
    const { returns, movedTimeMs } = measured({ events });
    expect([returns, movedTimeMs]).toEqual([1, undefined]);
  });

  test("without a data point there is no move, and without a release no return", () => {
    expect(measured({ events: [event(BEGAN + 40_000, "answer changed", "us-west-2")] })).toMatchObject({ returns: 0 });
    const { movedTimeMs, returnTimeMs } = measured({ events: [] });
    expect([movedTimeMs, returnTimeMs]).toEqual([undefined, undefined]);
  });
});

describe("objectives", () => {
  const fault = (name: string) => FAULTS.find((candidate) => candidate.name === name) ?? fail(name);
  const fail = (name: string): never => {
    throw new Error(`no fault ${name}`);
  };
  const OBJECTIVES = { recoveryTimeSeconds: 60, recoveryPointSeconds: 5 };
  const VERDICTS: Verdicts = {
    hasCheckout: true,
    wrongAmounts: 0,
    repeats: 3,
    wrongRepeats: 0,
    failedDuringFault: 0,
    requestsDuringFault: 10,
    worstRecoveryMs: 58_000,
    paymentsUnderWay: 1,
    isLatched: true,
    switchMs: { evaluation: 60_000, ttl: 10_000 },
  };
  const failedOver = { events: [event(72_000, "answer changed", "us-west-2")], orders: [order()] };
  const missed = (name: string, changes: Partial<Observations>, verdicts: Partial<Verdicts> = {}) =>
    judge(fault(name), OBJECTIVES, measured(changes), { ...VERDICTS, ...verdicts })
      .filter(({ isMet }) => !isMet)
      .map(({ name: objective }) => objective);

  test.each<[string, string, Partial<Observations>, Partial<Verdicts>, string[]]>([
    ["a failover in time", "primary-region-blackholed", failedOver, {}, []],
    ["no failover", "primary-region-blackholed", { orders: [order()] }, {}, ["failover"]],
    ["a failover that should not be", "vendor-away", failedOver, {}, ["failover"]],
    [
      "a late recovery",
      "primary-region-blackholed",
      { ...failedOver, requests: [request(91_000, "failed")] },
      {},
      ["recovery time"],
    ],
    [
      "an old write",
      "primary-region-blackholed",
      { ...failedOver, strandedWrites: [stranded(5_001, "present")] },
      {},
      ["recovery point"],
    ],
    [
      "a lost order",
      "primary-region-blackholed",
      { ...failedOver, orders: [order({ isPresent: false })] },
      {},
      ["orders lost"],
    ],
    ["no order at all", "vendor-away", {}, {}, ["orders lost"]],
    ["a second charge", "vendor-away", { orders: [order({ charges: 2 })] }, {}, ["wrong charges"]],
    ["a wrong amount", "vendor-away", { orders: [order()] }, { wrongAmounts: 1 }, ["wrong charges"]],
    ["a repeat answered otherwise", "vendor-away", { orders: [order()] }, { wrongRepeats: 1 }, ["repeats gone wrong"]],
    ["a failed request", "vendor-away", { orders: [order()] }, { failedDuringFault: 1 }, ["failed requests"]],
    ["an API without a checkout", "vendor-away", {}, { hasCheckout: false }, []],
    ["a switch that nobody threw", "stood-down-by-hand", failedOver, {}, ["moved by hand", "released by hand"]],
    [
      "a write left behind",
      "planned-evacuation",
      { ...failedOver, strandedWrites: [stranded(10, "present")] },
      {},
      ["moved by hand", "released by hand", "writes left behind"],
    ],
    [
      "a bounce in spite of the latch",
      "primary-flapping",
      { ...failedOver, events: [...failedOver.events, event(90_000, "answer changed", "us-east-1")] },
      {},
      ["unasked returns"],
    ],
    [
      "a bounce that nobody promised to prevent",
      "primary-flapping",
      { ...failedOver, events: [...failedOver.events, event(90_000, "answer changed", "us-east-1")] },
      { isLatched: false },
      [],
    ],
    [
      "an order that waits for a worker",
      "primary-region-blackholed",
      { ...failedOver, orders: [order({ status: "PENDING_PAYMENT", charges: 0 })] },
      {},
      [],
    ],
    [
      "an order that nobody works at",
      "primary-region-blackholed",
      { ...failedOver, orders: [order({ status: "PENDING_PAYMENT", charges: 0 })] },
      { paymentsUnderWay: 0 },
      ["payments stuck"],
    ],
    ["no request to fail", "vendor-away", { orders: [order()] }, { requestsDuringFault: 0 }, ["failed requests"]],
  ])("%s is judged as it should be", (_, name, changes, verdicts, expected) => {
    expect(missed(name, changes, verdicts)).toEqual(expected);
  });
});
