import type { DrillResult, PerSecond } from "../measure/result";

/** Requests per second, averaged over an equal stretch of time. */
export interface RequestBucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly acknowledged: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly indeterminate: number;
}

export interface RequestTotals {
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly failed: number;
  readonly indeterminate: number;
  readonly all: number;
}

/** Averages seconds so that at most `limit` buckets remain; an hour is as small as a minute then. */
export function requestBuckets(perSecond: readonly PerSecond[], limit: number): RequestBucket[] {
  const endSecond = perSecond.reduce((end, { second }) => Math.max(end, second + 1), 0);
  const widthSeconds = Math.max(1, Math.ceil(endSecond / limit));
  const groups = Array.from({ length: Math.ceil(endSecond / widthSeconds) }, (): PerSecond[] => []);
  for (const entry of perSecond) groups[Math.floor(entry.second / widthSeconds)]?.push(entry);
  return groups.map((entries, index) => {
    const from = index * widthSeconds;
    const to = Math.min(endSecond, from + widthSeconds);
    const totals = requestTotals(entries);
    const perSecondOf = (amount: number) => amount / (to - from);
    return {
      fromMs: from * 1000,
      toMs: to * 1000,
      acknowledged: Object.fromEntries([...totals.acknowledged].map(([region, sum]) => [region, perSecondOf(sum)])),
      failed: perSecondOf(totals.failed),
      indeterminate: perSecondOf(totals.indeterminate),
    };
  });
}

export function requestTotals(perSecond: readonly PerSecond[]): RequestTotals {
  const acknowledged = new Map<string, number>();
  let failed = 0;
  let indeterminate = 0;
  let all = 0;
  for (const entry of perSecond) {
    failed += entry.failed;
    indeterminate += entry.indeterminate;
    all += entry.failed + entry.indeterminate;
    for (const [region, sum] of Object.entries(entry.acknowledged)) {
      acknowledged.set(region, (acknowledged.get(region) ?? 0) + sum);
      all += sum;
    }
  }
  return { acknowledged, failed, indeterminate, all };
}

/** Primary, secondary, then any other that answered or wrote. */
export function regionsOf({ topology, measures, history }: DrillResult): string[] {
  const regions = new Set([topology.primaryRegion, topology.secondaryRegion]);
  for (const { acknowledged } of measures.perSecond)
    for (const region of Object.keys(acknowledged)) regions.add(region);
  for (const { pendingWrites } of history.samples) for (const region of Object.keys(pendingWrites)) regions.add(region);
  return [...regions];
}

/** How long the time axis is: the drill, and whatever was noted down after it. */
export function spanMs({ options, measures, history }: DrillResult): number {
  const ends = [
    options.durationMs,
    ...[measures.perSecond.at(-1)].map((last) => (last === undefined ? 0 : (last.second + 1) * 1000)),
    history.events.at(-1)?.atMs ?? 0,
    history.samples.at(-1)?.atMs ?? 0,
  ];
  return Math.max(1000, ...ends.filter(Number.isFinite));
}
