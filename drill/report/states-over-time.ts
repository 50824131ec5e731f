import type { DrillEvent, DrillEventKind, Sample } from "../measure/history";

/** A stretch of time in which something stayed the same. */
export interface Run {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: string;
}

/** Merges neighbours until at most `limit` samples remain: the highest queues, a check healthy only if it always was, the last answer. */
export function thinnedSamples(samples: readonly Sample[], limit: number): Sample[] {
  if (samples.length <= limit) return [...samples];
  const perGroup = Math.ceil(samples.length / limit);
  return Array.from({ length: Math.ceil(samples.length / perGroup) }, (_, index) =>
    samples.slice(index * perGroup, (index + 1) * perGroup).reduce(merged),
  );
}

function merged(earlier: Sample, later: Sample): Sample {
  const pendingWrites: Record<string, number> = { ...earlier.pendingWrites };
  for (const [region, pending] of Object.entries(later.pendingWrites)) {
    pendingWrites[region] = Math.max(pending, pendingWrites[region] ?? 0);
  }
  const isHealthy: Record<string, boolean> = { ...earlier.isHealthy };
  for (const [id, healthy] of Object.entries(later.isHealthy)) isHealthy[id] = healthy && (isHealthy[id] ?? true);
  return {
    atMs: earlier.atMs,
    pendingWrites,
    isHealthy,
    ...(later.answer === undefined ? {} : { answer: later.answer }),
  };
}

/**
 * Turns samples into runs of equal states. A change that lies between two samples is put at the event that tells of it, so that a band ends
 * where its event is marked.
 */
export function runs(
  samples: readonly Sample[],
  stateOf: (sample: Sample) => string | undefined,
  changes: readonly DrillEvent[],
  endMs: number,
): Run[] {
  const found: { fromMs: number; toMs: number; state: string }[] = [];
  let previousMs = 0;
  let state: string | undefined;
  for (const sample of samples) {
    const next = stateOf(sample);
    if (next !== state) {
      const change = changes.find(({ atMs }) => atMs > previousMs && atMs <= sample.atMs);
      const changedAtMs = state === undefined ? (found.length === 0 ? 0 : sample.atMs) : (change?.atMs ?? sample.atMs);
      const last = found.at(-1);
      if (last !== undefined && state !== undefined) last.toMs = changedAtMs;
      if (next !== undefined) found.push({ fromMs: changedAtMs, toMs: endMs, state: next });
      state = next;
    }
    previousMs = sample.atMs;
  }
  return found;
}

/** Events of some kinds about one subject; an event that names nobody may be about it. */
export function changesOf(
  events: readonly DrillEvent[],
  kinds: readonly DrillEventKind[],
  subject?: string,
): DrillEvent[] {
  return events.filter(
    (event) =>
      kinds.includes(event.kind) && (subject === undefined || event.subject === undefined || event.subject === subject),
  );
}
