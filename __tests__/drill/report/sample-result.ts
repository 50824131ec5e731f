import type { ClientKind } from "../../../drill/measure/client-kinds";
import type { DrillEvent, RequestRecord, Sample, WriteRecord } from "../../../drill/measure/history";
import type { LostWrite } from "../../../drill/measure/lost-writes";
import { byKind } from "../../../drill/measure/recovery-by-kind";
import type { DrillResult, ObjectiveResult, PerSecond } from "../../../drill/measure/result";

const EAST = "us-east-1";
const WEST = "us-west-2";
const SPAN_SECONDS = 210;
const CLIENTS = 40;
const PINNED_CLIENTS = 8;
const FAULT_SECONDS = { began: 30, ended: 150 };
const SWITCHED_SECONDS = { toWest: 58.4, toEast: 179.2 };

/** Seconds that a client still uses an old answer: caches run out one after the other. */
const cacheSeconds = (clientId: number) => ((clientId * 7) % 32) * 0.75;

function regionAt(second: number, clientId: number): string {
  if (clientId >= CLIENTS - PINNED_CLIENTS) return EAST;
  const isBack = second >= SWITCHED_SECONDS.toEast + cacheSeconds(clientId);
  const hasMoved = second >= SWITCHED_SECONDS.toWest + cacheSeconds(clientId);
  return hasMoved && !isBack ? WEST : EAST;
}

const kindOf = (clientId: number): ClientKind => (clientId < CLIENTS - PINNED_CLIENTS ? "ttl" : "pinned");

function requests(): RequestRecord[] {
  const records: RequestRecord[] = [];
  for (let second = 0; second < SPAN_SECONDS; second += 1) {
    for (let clientId = 0; clientId < CLIENTS; clientId += 1) {
      const region = regionAt(second, clientId);
      const isGone = region === EAST && second >= FAULT_SECONDS.began && second < FAULT_SECONDS.ended;
      if (isGone && (second + clientId) % 3 !== 0) continue; // Still waiting for the request before.
      const startedAtMs = second * 1000 + clientId * 20;
      const base = {
        startedAtMs,
        clientId,
        clientKind: kindOf(clientId),
        region,
      };
      const operation = clientId % 4 === 0 ? "POST /orders" : "PUT /cart/items/{sku}";
      records.push(
        isGone
          ? {
              ...base,
              operation,
              endedAtMs: startedAtMs + (second === FAULT_SECONDS.began ? 900 : 3000),
              outcome: second === FAULT_SECONDS.began ? "indeterminate" : "failed",
              reason: second === FAULT_SECONDS.began ? "connection reset" : "no connection within 3 s",
            }
          : { ...base, operation, endedAtMs: startedAtMs + 45, outcome: "acknowledged", statusCode: 200 },
      );
    }
  }
  return records;
}

export function perSecondOf(records: readonly RequestRecord[], spanSeconds = SPAN_SECONDS): PerSecond[] {
  const seconds = Array.from({ length: spanSeconds }, (_, second) => ({
    second,
    acknowledged: {} as Record<string, number>,
    failed: 0,
    indeterminate: 0,
  }));
  for (const { endedAtMs, outcome, region = EAST } of records) {
    const entry = seconds[Math.min(spanSeconds - 1, Math.floor(endedAtMs / 1000))];
    if (entry === undefined) continue;
    if (outcome === "acknowledged") entry.acknowledged[region] = (entry.acknowledged[region] ?? 0) + 1;
    else entry[outcome] += 1;
  }
  return seconds;
}

const EVENTS: readonly DrillEvent[] = [
  { atMs: 0, kind: "drill started", text: "40 clients send requests to checkout.example.com" },
  { atMs: 30_000, kind: "fault began", text: "us-east-1 disappears: nothing there answers", subject: EAST },
  {
    atMs: 58_000,
    kind: "check unhealthy",
    text: "health check failover-dns/PrimaryHealth turns unhealthy (3 failed probes)",
    subject: "PrimaryHealth",
  },
  { atMs: 58_400, kind: "answer changed", text: "checkout.example.com now resolves to us-west-2", subject: WEST },
  { atMs: 60_130, kind: "first request elsewhere", text: "us-west-2 acknowledges its first request", subject: WEST },
  { atMs: 82_300, kind: "last failed request", text: "the last request of a client that honours the TTL fails" },
  { atMs: 150_000, kind: "fault ended", text: "us-east-1 is back", subject: EAST },
  { atMs: 158_700, kind: "replication caught up", text: "every pending write has arrived in us-east-1", subject: EAST },
  { atMs: 178_600, kind: "check healthy", text: "health check failover-dns/PrimaryHealth turns healthy" },
  { atMs: 179_200, kind: "answer changed", text: "checkout.example.com resolves to us-east-1 again", subject: EAST },
  { atMs: 210_000, kind: "drill ended", text: "the clients stop" },
];

function samples(): Sample[] {
  return Array.from({ length: SPAN_SECONDS / 2 + 1 }, (_, index) => {
    const second = index * 2;
    const isGone = second >= FAULT_SECONDS.began && second < FAULT_SECONDS.ended;
    const draining = Math.max(0, Math.round(690 * (1 - (second - FAULT_SECONDS.ended) / 8.7)));
    const piling = second < 62 ? 0 : Math.min(690, Math.round((second - 62) * 7.9));
    return {
      atMs: second * 1000,
      pendingWrites: {
        [EAST]: isGone ? 16 : (index * 5) % 7,
        [WEST]: second <= FAULT_SECONDS.ended ? piling : draining,
      },
      answer: second >= SWITCHED_SECONDS.toWest && second < SWITCHED_SECONDS.toEast ? WEST : EAST,
      isHealthy: { PrimaryHealth: second < 58 || second >= 178.6 },
    };
  });
}

function writes(records: readonly RequestRecord[]): WriteRecord[] {
  const acknowledged = records.filter(({ outcome }) => outcome === "acknowledged");
  return acknowledged.map(({ endedAtMs, operation, region = EAST, clientId }, index) => ({
    acknowledgedAtMs: endedAtMs,
    region,
    what: operation.startsWith("POST") ? `order ord-${10_000 + index}` : `cart cust-${clientId}/sku-${index % 50}`,
    visibleAtFailover: !(region === EAST && endedAtMs > 29_500 && endedAtMs < 30_500),
    inTheEnd: index % 2000 === 1203 ? "lost to last-writer-wins" : "present",
  }));
}

export const OBJECTIVES: readonly ObjectiveResult[] = [
  {
    name: "recovery time",
    isMet: true,
    measured: "52.3 s",
    objective: "≤ 60.0 s",
    explanation: "28.0 s to detect, 0.4 s to switch, 23.9 s in DNS caches",
  },
  {
    name: "recovery point",
    isMet: true,
    measured: "0.8 s",
    objective: "≤ 5.0 s",
    explanation: "16 of 6 400 acknowledged writes were missing at failover; all came back",
  },
  {
    name: "orders lost",
    isMet: true,
    measured: "0 of 1 544",
    objective: "0",
    explanation: "every acknowledged order is in both regions",
  },
  {
    name: "charges per order",
    isMet: true,
    measured: "1",
    objective: "1",
    explanation: "no order was charged twice, none was left unpaid",
  },
  {
    name: "writes overwritten",
    isMet: false,
    measured: "3",
    objective: "≤ 2",
    explanation: "last writer wins: the same cart was changed in both regions within the replication lag",
  },
];

/** One of each kind. */
export const LOST_WRITES: readonly LostWrite[] = [
  { what: "order", region: EAST, acknowledgedAtMs: 29_910, user: "cust-3", key: "ord-10007" },
  {
    ...{ what: "cart line", region: EAST, acknowledgedAtMs: 29_873, user: "cust-17" },
    ...{ sku: "sku-14", quantity: 3, unitPriceMinor: 731, currency: "EUR" },
  },
  { what: "item", region: WEST, acknowledgedAtMs: 61_204, key: 'carts {"userId":{"S":"cust-17"}}' },
];

/** A failover as it should go: noticed after 28 s, over after 52 s, everything back in the end. */
export function sampleFailover(): DrillResult {
  const records = requests();
  const written = writes(records);
  const orders = written.filter(({ what }) => what.startsWith("order")).length;
  return {
    fault: {
      name: "primary-region-outage",
      description: "us-east-1 stops answering at 30 s and is back at 150 s",
      expectsFailover: true,
    },
    options: { speed: 10, seed: 42, clients: CLIENTS, durationMs: SPAN_SECONDS * 1000 },
    topology: {
      source: "cdktf.out",
      apiName: "checkout.example.com",
      primaryRegion: EAST,
      secondaryRegion: WEST,
      summary: ["2 global tables", "2 regional APIs", "12 functions", "1 health check", "2 failover records"],
    },
    objectives: OBJECTIVES,
    notJudged: [],
    measures: {
      faultBeganAtMs: FAULT_SECONDS.began * 1000,
      faultEndedAtMs: FAULT_SECONDS.ended * 1000,
      detectionTimeMs: 28_000,
      switchTimeMs: 28_400,
      recoveryTimeMs: 52_300,
      byKind: byKind(records, FAULT_SECONDS.began * 1000, FAULT_SECONDS.ended * 1000, EAST),
      allowances: [{ name: "the name servers know", ms: 10_000, source: "assumed" }],
      recoveryPointMs: 812,
      assumedLag: { medianMs: 600, p99Ms: 2_000, borneFactor: 2.5 },
      writesBeforeRecoveryPoint: 640,
      writesWithoutReplica: 0,
      steadyState: { errors: 0, requests: 1_200, unanswered: 1, stretchMs: 30_000, isPrimaryInService: true },
      returns: 0,
      writesUnavailableAtFailover: 16,
      writesRecovered: 16,
      writesLostToLastWriterWins: 3,
      writesLost: LOST_WRITES,
      ...{
        cartChangesAcknowledged: 4_856,
        cartChangesLost: 1,
        itemsOverwritten: 1,
        cartsThatDiffer: ["cust-9"],
        doubleSales: [],
      },
      ordersAcknowledged: orders,
      ordersLost: 0,
      ordersPaid: orders,
      ordersUnpaid: 0,
      ordersChargedTwice: 0,
      ordersChargedWrongly: 0,
      ordersChargedUntold: 2,
      ordersChargedUnexplained: 0,
      recoveryParts: [
        { name: "until the next probe", ms: 7_900 },
        { name: "until 3 probes had failed", ms: 20_100 },
        { name: "until the DNS servers answered anew", ms: 400 },
        { name: "in DNS caches (TTL 20 s)", ms: 20_000 },
        { name: "until the last request had timed out", ms: 3_900 },
      ],
      requestsPerWallSecond: 298.4,
      perSecond: perSecondOf(records),
    },
    history: { requests: records, events: EVENTS, samples: samples(), writes: written },
    wallMs: { coldStart: 2_140, total: 24_870 },
  };
}

/** A glitch that is shorter than the health check's patience: nothing should fail over, and nothing does. */
export function sampleWithoutFailover(): DrillResult {
  const sample = sampleFailover();
  const { detectionTimeMs: _, switchTimeMs: __, recoveryPointMs: ___, ...measures } = sample.measures;
  const healthy = sample.history.samples.map(({ atMs }) => ({
    atMs,
    pendingWrites: { [EAST]: 0, [WEST]: 0 },
    answer: EAST,
    isHealthy: { PrimaryHealth: true },
  }));
  const records = sample.history.requests.map((record) => ({
    ...record,
    outcome: "acknowledged" as const,
    region: EAST,
  }));
  return {
    ...sample,
    fault: { name: "slow-start", description: "us-east-1 starts its functions slowly", expectsFailover: false },
    objectives: [
      { name: "failovers", isMet: true, measured: "none", objective: "none", explanation: "no probe failed thrice" },
    ],
    notJudged: [
      { name: "recovery time", objective: "≤ 60.0 s", reason: "customers are served all along" },
      { name: "recovery point", objective: "≤ 5.0 s", reason: "without a failover there is no such point" },
    ],
    measures: {
      ...measures,
      ...{ recoveryTimeMs: 0, writesUnavailableAtFailover: 0, recoveryParts: [] },
      ...{ writesLost: [], cartChangesLost: 0, itemsOverwritten: 0, cartsThatDiffer: [], doubleSales: [] },
      perSecond: perSecondOf(records),
    },
    history: {
      requests: records,
      samples: healthy,
      writes: sample.history.writes.map((write) => ({ ...write, region: EAST, inTheEnd: "present" })),
      events: EVENTS.filter(({ kind }) =>
        ["drill started", "fault began", "fault ended", "drill ended"].includes(kind),
      ),
    },
  };
}

/** The health check never notices; requests fail until the drill ends. */
export function sampleNeverRecovered(): DrillResult {
  const sample = sampleFailover();
  const {
    detectionTimeMs: _,
    switchTimeMs: __,
    recoveryTimeMs: ___,
    recoveryPointMs: ____,
    ...measures
  } = sample.measures;
  const records = sample.history.requests.map((record) =>
    record.startedAtMs < 30_000 ? record : { ...record, outcome: "failed" as const, region: EAST, reason: "timed out" },
  );
  return {
    ...sample,
    objectives: [
      {
        name: "recovery time",
        isMet: false,
        measured: "never recovered",
        objective: "≤ 60.0 s",
        explanation: "requests still failed when the drill ended",
      },
    ],
    measures: { ...measures, faultEndedAtMs: 210_000, recoveryParts: [], perSecond: perSecondOf(records) },
    history: { ...sample.history, requests: records, events: EVENTS.slice(0, 2), samples: [] },
  };
}

/** Nothing worked from the first second on: there is nothing to draw and little to measure. */
export function sampleNothingAcknowledged(): DrillResult {
  const sample = sampleNeverRecovered();
  return {
    ...sample,
    objectives: [],
    measures: {
      ...sample.measures,
      ...{ writesBeforeRecoveryPoint: 0, writesUnavailableAtFailover: 0, writesRecovered: 0 },
      ...{
        writesLost: [],
        cartChangesAcknowledged: 0,
        cartChangesLost: 0,
        itemsOverwritten: 0,
        cartsThatDiffer: [],
        doubleSales: [],
      },
      whyCartsUnread: "us-east-1 did not show the cart of cust-0 (status 503)",
      ...{
        writesLostToLastWriterWins: 0,
        steadyState: { errors: 0, requests: 0, unanswered: 0, stretchMs: 30_000, isPrimaryInService: true },
      },
      ...{ byKind: [], allowances: [] },
      ...{ ordersAcknowledged: 0, ordersPaid: 0, requestsPerWallSecond: 0, perSecond: [] },
    },
    history: { requests: [], events: [], samples: [], writes: [] },
  };
}

export const HOSTILE_NAME = `<script>alert("1")</script>&'\u001b[2J\u202e`;

/** Every text that comes from a file tries to be markup, to move the cursor, or to take all the room there is. */
export function sampleHostile(): DrillResult {
  const sample = sampleFailover();
  const long = `${HOSTILE_NAME} ${"x".repeat(4000)}`;
  const region = (name: string) => (name === EAST ? HOSTILE_NAME : long);
  return {
    ...sample,
    fault: { name: long, description: long, expectsFailover: true },
    topology: {
      ...{ source: long, apiName: long, primaryRegion: HOSTILE_NAME, secondaryRegion: long },
      summary: Array.from({ length: 200 }, () => long),
    },
    objectives: OBJECTIVES.map(() => ({
      ...{ name: long, isMet: false, measured: long, objective: long, explanation: long },
    })),
    notJudged: [{ name: "recovery time", objective: long, reason: long }],
    measures: {
      ...sample.measures,
      recoveryParts: sample.measures.recoveryParts.map(({ ms }) => ({ name: long, ms })),
      allowances: [{ name: long, ms: 10_000, source: long }],
      writesLost: Array.from({ length: 300 }, (_, index) => ({
        what: (["cart line", "order", "item"] as const)[index % 3] ?? "item",
        ...{ region: long, acknowledgedAtMs: index * 1_000, user: long, key: long },
        ...{ sku: long, quantity: 1, unitPriceMinor: 1, currency: long },
      })),
      ...{ cartsThatDiffer: Array.from({ length: 300 }, () => long), whyCartsUnread: long },
      perSecond: sample.measures.perSecond.map(({ acknowledged, ...rest }) => ({
        ...rest,
        acknowledged: Object.fromEntries(Object.entries(acknowledged).map(([name, sum]) => [region(name), sum])),
      })),
    },
    history: {
      requests: [],
      events: Array.from({ length: 1000 }, (_, index) => ({
        atMs: index * 200,
        kind: "check unhealthy",
        text: long,
        subject: long,
      })),
      samples: sample.history.samples.map(({ atMs }) => ({
        ...{ atMs, pendingWrites: { [HOSTILE_NAME]: 5, [long]: 7 }, answer: long, isHealthy: { [long]: true } },
      })),
      writes: sample.history.writes.map((write) => ({
        ...write,
        region: region(write.region),
        what: long,
        inTheEnd: "lost",
      })),
    },
  };
}

/** Six hours in seconds: a report of it must stay as small as one of three minutes. */
export function sampleOfHours(): DrillResult {
  const sample = sampleFailover();
  const stretchedTo = 6 * 3600;
  const perSecond = Array.from({ length: stretchedTo }, (_, second) => ({
    second,
    acknowledged: { [second % 900 < 450 ? EAST : WEST]: 30 + (second % 11) },
    failed: second % 450 < 20 ? 9 : 0,
    indeterminate: second % 450 === 0 ? 1 : 0,
  }));
  return {
    ...sample,
    options: { ...sample.options, durationMs: stretchedTo * 1000 },
    measures: { ...sample.measures, faultBeganAtMs: 3_600_000, faultEndedAtMs: 10_000_000, perSecond },
    history: {
      ...sample.history,
      events: perSecond
        .filter(({ second }) => second % 30 === 0)
        .map(({ second }) => ({
          atMs: second * 1000,
          kind: second % 60 === 0 ? "check healthy" : "check unhealthy",
          text: "the health check flaps",
        })),
      samples: perSecond.map(({ second }) => ({
        atMs: second * 1000,
        pendingWrites: { [EAST]: second % 50, [WEST]: second % 700 },
        answer: second % 900 < 450 ? EAST : WEST,
        isHealthy: { PrimaryHealth: second % 60 < 30 },
      })),
    },
  };
}
