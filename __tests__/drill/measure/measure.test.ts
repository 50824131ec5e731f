import type { Observations } from "../../../drill/measure/measure";
import type { UntoldOrder } from "../../../drill/measure/untold-orders";
import { BEGAN, event, measured, order, request, stranded } from "./observed";

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
    const requests = [
      request(40_000, "failed"),
      request(90_000, "failed", { clientKind: "pinned" }),
      request(95_000, "acknowledged"),
    ];
    expect(measured({ requests }).recoveryTimeMs).toBe(10_000);
  });

  test("is unknown when requests failed up to the fault's end", () => {
    expect(measured({ requests: [request(119_000, "failed")] })).not.toHaveProperty("recoveryTimeMs");
  });

  test("is nothing when nothing failed, and leaves out failures of other times", () => {
    const requests = [
      request(20_000, "failed"),
      request(50_000, "acknowledged"),
      request(130_000, "failed", { startedAtMs: 125_000 }),
    ];
    expect(measured({ requests }).recoveryTimeMs).toBe(0);
  });

  test("is unknown when nobody was served after the last failure, or nobody asked", () => {
    expect(measured({ requests: [] })).not.toHaveProperty("recoveryTimeMs");
    const requests = [request(40_000, "acknowledged"), request(50_000, "failed")];
    expect(measured({ requests })).not.toHaveProperty("recoveryTimeMs");
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
      requests: [request(80_000, "failed"), request(81_000, "acknowledged")],
    });
    expect([detectionTimeMs, switchTimeMs]).toEqual([40_000, 42_000]);
    expect(recoveryParts.map(({ ms }) => ms)).toEqual([40_000, 2_000, 8_000]);
  });
});

describe("clients by kind", () => {
  const browser = { clientKind: "browser", clientId: 2 } as const;
  const pooled = { clientKind: "pooled", clientId: 3 } as const;

  test("each has failures, a recovery and a last request to the primary of its own", () => {
    const requests = [
      request(40_000, "failed"),
      request(41_000, "acknowledged", { region: "us-west-2" }),
      request(95_000, "failed", browser),
      request(96_000, "acknowledged", { ...browser, clientId: 4, region: "us-west-2" }),
      request(119_000, "failed", pooled),
    ];
    expect(measured({ requests }).byKind).toEqual([
      { kind: "ttl", clients: 1, requests: 2, failedRequests: 1, recoveryTimeMs: 10_000, lastAtPrimaryMs: 9_900 },
      { kind: "browser", clients: 2, requests: 2, failedRequests: 1, recoveryTimeMs: 65_000, lastAtPrimaryMs: 64_900 },
      { kind: "pooled", clients: 1, requests: 1, failedRequests: 1, lastAtPrimaryMs: 88_900 },
    ]);
  });

  test("requests of other times count for none", () => {
    expect(
      measured({ requests: [request(20_000, "failed"), request(130_000, "failed", { startedAtMs: 125_000 })] }).byKind,
    ).toEqual([]);
  });
});

test("the answer that counts as a switch is the standby", () => {
  expect(measured({ events: [event(50_000, "answer changed", "us-east-1")] })).not.toHaveProperty("switchTimeMs");
});

describe("recovery point", () => {
  const events = [event(72_000, "answer changed", "us-west-2")];

  test("is the age of the oldest write on its way, and each write's fate is counted", () => {
    const strandedWrites = [
      stranded(300, "present"),
      stranded(1_800, "lost to last-writer-wins"),
      stranded(100, "lost"),
    ];
    expect(measured({ events, strandedWrites })).toMatchObject({
      recoveryPointMs: 1_800,
      writesUnavailableAtFailover: 3,
      writesRecovered: 1,
      writesLostToLastWriterWins: 1,
    });
  });

  test("leaves out what had arrived when the answer changed, and only that", () => {
    const strandedWrites = [
      { ...stranded(900, "present"), arrivedAtMs: 72_000 },
      { ...stranded(700, "present"), arrivedAtMs: 72_001 },
      { ...stranded(600, "lost to last-writer-wins"), arrivedAtMs: 40_000 },
    ];
    expect(measured({ events, strandedWrites })).toMatchObject({
      recoveryPointMs: 700,
      writesUnavailableAtFailover: 2,
    });
  });

  test.each<[string, Partial<Observations>]>([
    ["without a failover", { events: [] }],
    ["without a write before the fault", { primaryWrites: { replicated: 0, withoutReplica: 0 } }],
    ["where a table has no replica", { primaryWrites: { replicated: 40, withoutReplica: 1 } }],
  ])("is unknown %s", (_, changes) => {
    expect(measured({ events, ...changes })).not.toHaveProperty("recoveryPointMs");
  });
});

describe("steady state", () => {
  test("is every error before the fault, and the silence in the last stretch of it", () => {
    const requests = [
      request(2_000, "failed", { statusCode: 503, clientKind: "pinned" }),
      request(3_000, "failed"),
      request(BEGAN - 20_000, "acknowledged"),
      request(BEGAN - 10_000, "failed"),
      request(BEGAN - 5_000, "indeterminate"),
      request(BEGAN - 1, "failed", { statusCode: 429 }),
      request(BEGAN, "failed", { startedAtMs: BEGAN - 100 }),
    ];
    expect(measured({ requests }).steadyState).toEqual({
      ...{ errors: 2, requests: 4, unanswered: 2, stretchMs: 20_000, isPrimaryInService: true },
    });
  });
});

describe("orders of which nobody was told", () => {
  const untold = (changes: Partial<UntoldOrder> = {}): UntoldOrder => ({
    ...{ orderId: "o", userId: "ada", isPresent: true, charges: 1, isAmountRight: true },
    ...changes,
  });

  test.each<[string, UntoldOrder[], string[], number]>([
    ["one order of an open checkout", [untold()], ["ada"], 0],
    ["a second order for one key", [untold(), untold({ orderId: "p" })], ["ada"], 1],
    ["an order beside the one that was acknowledged", [untold()], [], 1],
    ["an order of somebody else", [untold()], ["bea"], 1],
    ["an order that is in no table", [untold({ userId: undefined, isPresent: false })], ["ada"], 1],
    ["an order stored without a user", [untold({ userId: undefined })], ["ada"], 0],
  ])("%s", (_, untoldOrders, users, count) => {
    const openCheckouts = users.map((userId) => ({ userId }));
    expect(measured({ untoldOrders, openCheckouts }).ordersChargedUnexplained).toBe(count);
  });

  test("are charged twice, or over a wrong amount, as any other order is", () => {
    const untoldOrders = [untold({ charges: 2 }), untold({ isAmountRight: false })];
    expect(measured({ untoldOrders, orders: [order({ isAmountRight: false })] })).toMatchObject({
      ordersChargedTwice: 1,
      ordersChargedWrongly: 2,
    });
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
      request(BEGAN + 60_000, "acknowledged", { clientKind: "pinned" }),
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

  test("a move that no customer made was not measured", () => {
    expect(measured({ events: moved })).not.toHaveProperty("movedTimeMs");
  });

  test("without a data point there is no move, and without a release no return", () => {
    expect(measured({ events: [event(BEGAN + 40_000, "answer changed", "us-west-2")] })).toMatchObject({ returns: 0 });
    const { movedTimeMs, returnTimeMs } = measured({ events: [] });
    expect([movedTimeMs, returnTimeMs]).toEqual([undefined, undefined]);
  });
});
