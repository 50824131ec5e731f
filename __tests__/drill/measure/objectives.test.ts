import { FAULTS } from "../../../drill/faults/faults";
import type { Observations } from "../../../drill/measure/measure";
import { notJudged } from "../../../drill/measure/not-judged";
import { judge, type Verdicts } from "../../../drill/measure/objectives";
import { event, measured, order, put, request, shown, stranded, unanswered, written } from "./observed";

describe("objectives", () => {
  const fault = (name: string) => FAULTS.find((candidate) => candidate.name === name) ?? fail(name);
  const fail = (name: string): never => {
    throw new Error(`no fault ${name}`);
  };
  const OBJECTIVES = { recoveryTimeSeconds: 60, recoveryPointSeconds: 5 };
  const VERDICTS: Verdicts = {
    hasCheckout: true,
    repeats: 3,
    wrongRepeats: 0,
    failedDuringFault: 0,
    requestsDuringFault: 10,
    clientTimeoutMs: 5_000,
    grayFailure: undefined,
    worstRecoveriesMs: { ttl: 58_000, browser: undefined },
    paymentsUnderWay: 1,
    isLatched: true,
    switchMs: { evaluation: 120_000, ttl: 10_000 },
  };
  const served = [request(20_000, "acknowledged"), request(100_000, "acknowledged")];
  const shopping = { requests: served, orders: [order()] };
  const failedOver = { events: [event(72_000, "answer changed", "us-west-2")], ...shopping };
  const missed = (name: string, changes: Partial<Observations>, verdicts: Partial<Verdicts> = {}) =>
    judge(fault(name), OBJECTIVES, measured(changes), { ...VERDICTS, ...verdicts })
      .filter(({ isMet }) => !isMet)
      .map(({ name: objective }) => objective);

  test.each<[string, string, Partial<Observations>, Partial<Verdicts>, string[]]>([
    ["a failover in time", "primary-region-blackholed", failedOver, {}, []],
    ["no failover", "primary-region-blackholed", shopping, {}, ["failover", "recovery point"]],
    ["a failover that should not be", "vendor-away", failedOver, {}, ["failover"]],
    [
      "a late recovery",
      "primary-region-blackholed",
      { ...failedOver, requests: [...served, request(91_000, "failed")] },
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
      ["writes lost", "orders lost"],
    ],
    [
      "a lost cart line",
      "primary-region-blackholed",
      { ...failedOver, written: written({ puts: [put({ sku: "milk" })] }) },
      {},
      ["writes lost"],
    ],
    [
      "an item that another region overwrote",
      "replication-paused",
      {
        ...shopping,
        written: written({ overwrittenItems: [{ key: "carts ada", region: "us-east-1", acknowledgedAtMs: 7 }] }),
      },
      {},
      ["writes lost"],
    ],
    [
      "carts that differ in the end",
      "replication-paused",
      {
        ...shopping,
        written: written({
          puts: [unanswered(put()), put({ sku: "milk" })],
          orderedLines: [{ ...put({ sku: "milk" }), orderId: "o" }],
          reading: { carts: [shown("us-east-1", [put()]), shown("us-west-2", [])] },
        }),
      },
      {},
      ["writes lost"],
    ],
    [
      "carts that could not be read",
      "primary-region-blackholed",
      { ...failedOver, written: written({ reading: { carts: [], whyUnread: "us-east-1 did not show the cart" } }) },
      {},
      ["writes lost"],
    ],
    [
      "a line in two orders",
      "primary-region-blackholed",
      {
        ...failedOver,
        orders: ["o", "p"].map((orderId) => order({ orderId })),
        written: written({ orderedLines: ["o", "p"].map((orderId) => ({ ...put(), orderId })) }),
      },
      {},
      ["double sales"],
    ],
    ["no cart change at all", "vendor-away", { ...shopping, written: written({ puts: [] }) }, {}, ["writes lost"]],
    ["no order at all", "vendor-away", { requests: served }, {}, ["double sales", "orders lost", "wrong charges"]],
    ["a second charge", "vendor-away", { ...shopping, orders: [order({ charges: 2 })] }, {}, ["wrong charges"]],
    [
      "a wrong amount",
      "vendor-away",
      { ...shopping, orders: [order({ isAmountRight: false })] },
      {},
      ["wrong charges"],
    ],
    ["a repeat answered otherwise", "vendor-away", shopping, { wrongRepeats: 1 }, ["idempotency violations"]],
    ["a failed request", "vendor-away", shopping, { failedDuringFault: 1 }, ["failed requests"]],
    ["an API without a checkout", "vendor-away", { requests: served }, { hasCheckout: false }, []],
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
      ["unrequested failbacks"],
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
    ["no request to fail", "vendor-away", shopping, { requestsDuringFault: 0 }, ["failed requests"]],
    [
      "half of the requests failing before the fault",
      "primary-region-blackholed",
      { ...failedOver, requests: [...served, request(21_000, "failed", { statusCode: 500 })] },
      {},
      ["steady state"],
    ],
    [
      "an error in a hundred before the fault",
      "vendor-away",
      {
        ...shopping,
        requests: [...Array(99).fill(served[0]), served[1], request(21_000, "failed", { statusCode: 500 })],
      },
      {},
      ["steady state"],
    ],
    [
      "a set-up that answers nobody",
      "standby-broken-too",
      { orders: [order()], requests: [request(16_000, "indeterminate")] },
      {},
      ["steady state"],
    ],
    [
      "as much silence as a busy machine may cause",
      "vendor-away",
      { ...shopping, requests: [...Array(19).fill(served[0]), request(21_000, "indeterminate"), served[1]] },
      {},
      [],
    ],
    [
      "more silence than that",
      "vendor-away",
      { ...shopping, requests: [...Array(18).fill(served[0]), request(21_000, "indeterminate"), served[1]] },
      {},
      ["steady state"],
    ],
    [
      "a failover before the fault",
      "vendor-away",
      { ...shopping, answerBeforeFault: "us-west-2" },
      {},
      ["steady state"],
    ],
    ["nobody asking before the fault", "vendor-away", { orders: [order()] }, {}, ["steady state"]],
    [
      "no write before the fault",
      "primary-region-blackholed",
      { ...failedOver, primaryWrites: { replicated: 0, withoutReplica: 0 } },
      {},
      ["recovery point"],
    ],
    [
      "tables without a replica",
      "primary-dynamodb-gone",
      { ...failedOver, primaryWrites: { replicated: 0, withoutReplica: 9 } },
      {},
      ["recovery point"],
    ],
    [
      "an evacuation of which no write was seen",
      "planned-evacuation",
      { ...failedOver, primaryWrites: { replicated: 0, withoutReplica: 0 } },
      {},
      ["moved by hand", "released by hand", "writes left behind"],
    ],
    [
      "an API that only reads",
      "primary-region-blackholed",
      { ...failedOver, primaryWrites: { replicated: 0, withoutReplica: 0 } },
      { hasCheckout: false },
      [],
    ],
    ["no repeat at all", "vendor-away", shopping, { repeats: 0 }, ["idempotency violations"]],
    [
      "an order for a key that has one already",
      "vendor-away",
      {
        ...shopping,
        untoldOrders: [{ orderId: "p", userId: "ada", isPresent: true, charges: 1, isAmountRight: true }],
      },
      {},
      ["wrong charges"],
    ],
  ])("%s is judged as it should be", (_, name, changes, verdicts, expected) => {
    expect(missed(name, changes, verdicts)).toEqual(expected);
  });

  test.each(FAULTS)("$name judges recovery time and recovery point, or says why it does not", (it) => {
    for (const primaryWrites of [undefined, { replicated: 0, withoutReplica: 0 }]) {
      const measures = measured({ ...failedOver, ...(primaryWrites === undefined ? {} : { primaryWrites }) });
      for (const hasCheckout of [true, false]) {
        const judged = judge(it, OBJECTIVES, measures, { ...VERDICTS, hasCheckout }).map(({ name }) => name);
        const left = notJudged(it, OBJECTIVES, measures, hasCheckout).map(({ name }) => name);
        const recoveries = [...judged, ...left].filter((name) => name.startsWith("recovery "));
        expect(recoveries.sort()).toEqual(["recovery point", "recovery time"]);
      }
    }
  });

  describe("browsers", () => {
    const PROMISED = { ...OBJECTIVES, browserRecoveryTimeSeconds: 80 };
    const failedAt = (atMs: number) => [request(atMs, "failed", { clientKind: "browser" })];
    const rescued = request(115_000, "acknowledged", { clientKind: "browser" });
    const judged = (requests: Observations["requests"], endedAtMs = 120_000) => {
      const measures = measured({ ...failedOver, faultEndedAtMs: endedAtMs, requests: [...served, ...requests] });
      const it = fault("primary-region-blackholed");
      return [
        judge(it, PROMISED, measures, VERDICTS).find(({ name }) => name === "recovery in browsers")?.isMet,
        notJudged(it, PROMISED, measures, true).map(({ name }) => name),
      ];
    };

    test("have an objective of their own", () => {
      expect(judged([...failedAt(109_000), rescued])).toEqual([true, []]);
      expect(judged([...failedAt(110_500), rescued], 130_000)).toEqual([false, []]);
    });

    test("that fail up to the end of a fault as long as the objective miss it; a shorter fault does not judge them", () => {
      expect(judged(failedAt(118_000))).toEqual([false, []]);
      expect(judged(failedAt(108_000), 109_000)).toEqual([undefined, ["recovery in browsers"]]);
      expect(judged([])).toEqual([undefined, ["recovery in browsers"]]);
    });
  });

  test("a recovery point says that its lag is assumed, and how much more the objective bears", () => {
    const measures = measured({ ...failedOver, assumedLag: { medianMs: 600, p99Ms: 2_000, borneFactor: 2 } });
    const point = judge(fault("primary-region-blackholed"), OBJECTIVES, measures, VERDICTS).find(
      ({ name }) => name === "recovery point",
    );
    expect(point?.measured).toBe("0.0 s assumed");
    expect(point?.explanation).toContain("the objective bears 2.0 times as much (median 1.2 s, 99th percentile 4.0 s)");
  });

  test("a recovery point that no lag could have missed is not judged, and says why", () => {
    const young = { ...failedOver, assumedLag: { medianMs: 600, p99Ms: 2_000 } };
    const measures = measured(young);
    const names = judge(fault("primary-region-blackholed"), OBJECTIVES, measures, VERDICTS).map(({ name }) => name);
    expect(names).not.toContain("recovery point");
    const [reason] = notJudged(fault("primary-region-blackholed"), OBJECTIVES, measures, true);
    expect(reason).toMatchObject({
      name: "recovery point",
      reason: expect.stringContaining("was old enough to miss it"),
    });
  });

  test.each([
    ["before clients give up", { ms: 4_999, isAnswered: true }, []],
    ["when clients have given up", { ms: 5_000, isAnswered: true }, ["cold standby"]],
    ["never", { ms: 10, isAnswered: false }, ["cold standby"]],
    ["from nobody who was asked", undefined, ["cold standby"]],
  ])("a cold standby whose slowest first answer comes %s", (_, first, expected) => {
    const coldStandby = first && { ...first, operation: "POST /checkout" };
    expect(missed("primary-region-blackholed", { ...failedOver, coldStandby })).toEqual(expected);
    expect(missed("vendor-away", { ...shopping, coldStandby })).toEqual([]);
  });

  test("an allowance is added to a measured recovery before it is judged, and to none where no request failed", () => {
    const allowances = [{ name: "it takes as long", ms: 10_000, source: "assumed" }];
    const late = [...served, request(81_000, "failed")];
    const judged = (requests: Observations["requests"]) =>
      judge(
        fault("primary-region-blackholed"),
        OBJECTIVES,
        measured({ ...failedOver, requests, allowances }),
        VERDICTS,
      ).find(({ name }) => name === "recovery time");
    expect(judged(late)).toMatchObject({ isMet: false, measured: "61.0 s" });
    expect(judged(late)?.explanation).toMatch(/^51\.0 s measured and allowances of 10\.0 s; /);
    expect(judged(served)).toMatchObject({ isMet: true, measured: "0.0 s" });
  });

  test("a flapping primary says why its recovery time is not judged", () => {
    expect(notJudged(fault("primary-flapping"), OBJECTIVES, measured(failedOver), true)).toEqual([
      { name: "recovery time", objective: "≤ 60.0 s", reason: expect.stringContaining("is lost again and again") },
    ]);
  });
});
