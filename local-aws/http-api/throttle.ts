import type { Throttling } from "../../topology/topology";

/**
 * API Gateway's token buckets: each holds `burstLimit` requests, and refills at `rateLimitPerSecond` per second of wall time, because the
 * load that a machine can take does not grow with the drill's speed. A limit of 0, of either kind, lets nothing through.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; filledAtMs: number }>();

  /** @param nowMs - a clock that never goes back, in wall milliseconds */
  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Takes a token of the bucket, if there is one; else the request must be answered 429. */
  admits({ bucket, burstLimit, rateLimitPerSecond }: Throttling): boolean {
    if (burstLimit === 0 || rateLimitPerSecond === 0) return false;
    const nowMs = this.nowMs();
    let state = this.buckets.get(bucket);
    if (state === undefined) {
      state = { tokens: burstLimit, filledAtMs: nowMs };
      this.buckets.set(bucket, state);
    }
    const refilled = state.tokens + ((nowMs - state.filledAtMs) / 1000) * rateLimitPerSecond;
    state.tokens = Math.min(burstLimit, refilled);
    state.filledAtMs = nowMs;
    if (state.tokens < 1) return false;
    state.tokens -= 1;
    return true;
  }
}
