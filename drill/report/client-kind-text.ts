import type { Allowance } from "../measure/allowances";
import type { ClientKind } from "../measure/client-kinds";
import type { KindMeasures } from "../measure/recovery-by-kind";
import { count, counted, seconds } from "./figures";

const NAMES: Readonly<Record<ClientKind, string>> = {
  ttl: "Asking again after the TTL",
  browser: "Keeping a DNS answer for 60 s, as browsers do",
  pooled: "Keeping the connection while it works, as pools do",
  pinned: "Keeping an address for 10 min",
};

/** `Asking again after the TTL (12 clients)`. */
export const kindName = ({ kind, clients }: KindMeasures) => `${NAMES[kind]} (${counted(clients, "client")})`;

/** `31 of 480 requests failed`. */
export const failuresText = ({ requests, failedRequests }: KindMeasures) =>
  `${count(failedRequests)} of ${counted(requests, "request")} failed`;

/** `recovered after 49.5 s`; measured, so without allowances. */
export function recoveredText({ recoveryTimeMs }: KindMeasures): string {
  if (recoveryTimeMs === 0) return "no recovery was needed";
  return recoveryTimeMs === undefined
    ? "did not recover before the fault ended"
    : `recovered after ${seconds(recoveryTimeMs)}`;
}

/** `last request to the primary after 44.9 s`. */
export const lastAtPrimaryText = ({ lastAtPrimaryMs }: KindMeasures) =>
  lastAtPrimaryMs === undefined
    ? "no request to the primary"
    : `last request to the primary after ${seconds(lastAtPrimaryMs)}`;

/** What the judged recovery times contain besides what was measured. */
export const allowanceText = ({ name, ms, source }: Allowance) => `${seconds(ms)} until ${name} (${source})`;
