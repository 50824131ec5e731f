import type { Objectives } from "../../topology/topology";
import type { Fault } from "../faults/fault";
import { coldStandby } from "./cold-standby";
import { type GrayFailure, grayFailureObjectives } from "./gray-failure";
import { assumedLagText } from "./lag-borne";
import { whyRecoveryPointIsNotJudged } from "./not-judged";
import { whyNoRecoveryPoint } from "./recovery-point";
import { recoveryTimes, type WorstRecoveriesMs } from "./recovery-time-objectives";
import type { DrillMeasures, ObjectiveResult } from "./result";
import { isSteady, UNANSWERED_SHARE } from "./steady-state";

/** Further observations that the objectives need. */
export interface Verdicts {
  /** Whether clients place orders. An API without a checkout cannot lose one. */
  readonly hasCheckout: boolean;
  /** Retries of acknowledged checkouts, and those that were answered with another order. */
  readonly repeats: number;
  readonly wrongRepeats: number;
  /** Requests of clients that honour TTLs which were not acknowledged while the fault lasted. */
  readonly failedDuringFault: number;
  readonly requestsDuringFault: number;
  readonly worstRecoveriesMs: WorstRecoveriesMs;
  /** Declared milliseconds after which clients give a request up. */
  readonly clientTimeoutMs: number;
  /** Undefined for faults that the health path sees, or that break nothing. */
  readonly grayFailure: GrayFailure | undefined;
  /** Messages that wait for a payment worker at the end of the drill. */
  readonly paymentsUnderWay: number;
  /** Whether the stacks latch a failover. */
  readonly isLatched: boolean;
  /** Longest time until the switch's alarm shows a data point, and the TTL of the record, in declared milliseconds; undefined without a switch. */
  readonly switchMs: { readonly evaluation: number; readonly ttl: number } | undefined;
}

/** Compares measurements with objectives. An objective without a measurement is missed. */
export function judge(
  fault: Fault,
  objectives: Objectives,
  measures: DrillMeasures,
  verdicts: Verdicts,
): ObjectiveResult[] {
  const { hasCheckout } = verdicts;
  return [
    steady(measures),
    ...failover(fault, measures),
    ...recoveryTimes(fault, objectives, measures, verdicts.worstRecoveriesMs),
    ...(verdicts.grayFailure === undefined ? [] : grayFailureObjectives(verdicts.grayFailure)),
    ...(fault.isByHand === true ? byHand(measures, verdicts) : []),
    ...(staysAway(fault, verdicts) ? [returns(measures)] : []),
    ...(fault.marksRecoveryPoint === true ? [leftBehind(measures)] : []),
    ...(whyRecoveryPointIsNotJudged(fault, measures, hasCheckout) === undefined
      ? [recoveryPoint(objectives, measures)]
      : []),
    ...(fault.mustFailOver === true ? [coldStandby(measures.coldStandby, verdicts.clientTimeoutMs)] : []),
    ...(hasAvailability(fault) ? [availability(verdicts)] : []),
    ...(hasCheckout
      ? [
          writesLost(measures),
          linesSoldTwice(measures),
          ordersLost(measures),
          ...payments(fault, measures, verdicts),
          charges(measures),
          repeats(verdicts),
        ]
      : []),
  ];
}

function staysAway({ staysAway: when }: Fault, { isLatched }: Verdicts): boolean {
  return when === "always" || (when === "when latched" && isLatched);
}

/** Whether no request may fail: the fault breaks nothing that clients use. Half of the requests failing is the exception. */
export function hasAvailability({ mustFailOver, isByHand, isGray, name }: Fault): boolean {
  if (isGray === true) return false;
  return isByHand === true || (mustFailOver === false && name !== "half-the-requests-failing");
}

/** A deployment that fails before the fault proves nothing during the fault. */
function steady({ steadyState }: DrillMeasures): ObjectiveResult {
  const { requests, errors, unanswered, stretchMs, isPrimaryInService } = steadyState;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const figure = () => {
    if (requests === 0) return "not measured";
    return isPrimaryInService ? `${errors} and ${percent(unanswered / requests)}` : "failed over before";
  };
  return {
    name: "steady state",
    isMet: isSteady(steadyState),
    measured: figure(),
    objective: `0 and ≤ ${percent(UNANSWERED_SHARE)}`,
    explanation: `${errors} requests answered with an error before the fault; ${unanswered} of the ${requests} in its last ${seconds(stretchMs)} without an answer, which a busy machine may cause${isPrimaryInService ? "" : "; the API's name had left the primary already"}`,
  };
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

function failover({ mustFailOver }: Fault, { switchTimeMs }: DrillMeasures): ObjectiveResult[] {
  if (mustFailOver === undefined) return [];
  const hasSwitched = switchTimeMs !== undefined;
  return [
    {
      name: "failover",
      isMet: hasSwitched === mustFailOver,
      measured: hasSwitched ? `after ${seconds(switchTimeMs)}` : "never",
      objective: mustFailOver ? "to the standby" : "none",
      explanation: mustFailOver ? "by the answers of Route 53" : "the standby would not serve better",
    },
  ];
}

/** An operator's switch moves all clients within its alarm's longest delay and the TTL, and returns them within the same. */
function byHand({ movedTimeMs, returnTimeMs }: DrillMeasures, { switchMs }: Verdicts): ObjectiveResult[] {
  const { evaluation, ttl } = switchMs ?? { evaluation: 0, ttl: 0 };
  const within = (ms: number | undefined, limitMs: number) => ms !== undefined && ms <= limitMs;
  return [
    {
      name: "moved by hand",
      isMet: within(movedTimeMs, evaluation + ttl),
      measured: movedTimeMs === undefined ? "never, or not for good" : seconds(movedTimeMs),
      objective: `≤ ${seconds(evaluation + ttl)}`,
      explanation: `from the data point to the last request sent to the primary; the switch's alarm ${seconds(evaluation)}, TTL ${seconds(ttl)}`,
    },
    {
      name: "released by hand",
      isMet: within(returnTimeMs, evaluation + ttl),
      measured: returnTimeMs === undefined ? "never" : `after ${seconds(returnTimeMs)}`,
      objective: `≤ ${seconds(evaluation + ttl)}`,
      explanation: "from the data point until DNS resolves to the primary again",
    },
  ];
}

function returns({ returns: count, switchTimeMs }: DrillMeasures): ObjectiveResult {
  const hasLeft = switchTimeMs !== undefined;
  return {
    name: "unrequested failbacks",
    isMet: hasLeft && count === 0,
    measured: hasLeft ? String(count) : "never away",
    objective: "0",
    explanation: "DNS answers that returned to the primary before an operator released it",
  };
}

function leftBehind(measures: DrillMeasures): ObjectiveResult {
  const { writesUnavailableAtFailover, writesBeforeRecoveryPoint } = measures;
  const unmeasured = whyNoRecoveryPoint(measures);
  return {
    name: "writes left behind",
    isMet: unmeasured === undefined && writesUnavailableAtFailover === 0,
    measured: unmeasured === undefined ? String(writesUnavailableAtFailover) : "not measured",
    objective: "0",
    explanation:
      unmeasured ??
      `of ${writesBeforeRecoveryPoint} acknowledged writes, those that the standby did not hold when the primary was lost`,
  };
}

function recoveryPoint({ recoveryPointSeconds }: Objectives, measures: DrillMeasures): ObjectiveResult {
  const { recoveryPointMs, writesBeforeRecoveryPoint, writesUnavailableAtFailover } = measures;
  return {
    name: "recovery point",
    isMet: recoveryPointMs !== undefined && recoveryPointMs <= recoveryPointSeconds * 1_000,
    measured: recoveryPointMs === undefined ? "not measured" : `${seconds(recoveryPointMs)} assumed`,
    objective: `≤ ${seconds(recoveryPointSeconds * 1_000)}`,
    explanation:
      whyNoRecoveryPoint(measures) ??
      `${writesUnavailableAtFailover} of ${writesBeforeRecoveryPoint} acknowledged writes unavailable at failover, ` +
        `${measures.writesRecovered} recovered, ${measures.writesLostToLastWriterWins} lost to last-writer-wins; ` +
        assumedLagText(measures.assumedLag),
  };
}

/** Judged in every fault: a failover may happen in any of them. */
function writesLost(measures: DrillMeasures): ObjectiveResult {
  const { writesLost: lost, cartsThatDiffer, cartChangesAcknowledged, cartChangesLost } = measures;
  const { ordersLost: orders, ordersAcknowledged, itemsOverwritten } = measures;
  const unmeasured =
    measures.whyCartsUnread ?? (cartChangesAcknowledged === 0 ? "no cart change was acknowledged" : undefined);
  const count = lost.length + cartsThatDiffer.length;
  return {
    name: "writes lost",
    isMet: unmeasured === undefined && count === 0,
    measured: unmeasured === undefined ? String(count) : "not measured",
    objective: "0",
    explanation:
      `${unmeasured === undefined ? `${cartChangesLost} of ${cartChangesAcknowledged} acknowledged cart changes and ` : `${unmeasured}; `}` +
      `${orders} of ${ordersAcknowledged} acknowledged orders lost; ${itemsOverwritten} items overwritten by another region; ` +
      `${cartsThatDiffer.length} carts differ between regions`,
  };
}

function availability({ failedDuringFault, requestsDuringFault }: Verdicts): ObjectiveResult {
  return {
    name: "failed requests",
    isMet: failedDuringFault === 0 && requestsDuringFault > 0,
    measured: String(failedDuringFault),
    objective: "0",
    explanation: `of ${requestsDuringFault} while the fault lasted`,
  };
}

function ordersLost({
  ordersAcknowledged,
  ordersLost: lost,
  ordersPaid,
  ordersUnpaid,
}: DrillMeasures): ObjectiveResult {
  return {
    name: "orders lost",
    isMet: lost === 0 && ordersAcknowledged > 0,
    measured: String(lost),
    objective: "0",
    explanation: `of ${ordersAcknowledged} acknowledged; ${ordersPaid} are paid, ${ordersUnpaid} wait for a retry or the sweep`,
  };
}

/** While the vendor answers, an order is paid or has a message for a worker. Otherwise no worker will ever charge it. */
function payments(
  { name }: Fault,
  { ordersUnpaid, ordersAcknowledged }: DrillMeasures,
  { paymentsUnderWay }: Verdicts,
): ObjectiveResult[] {
  if (name === "vendor-away") return [];
  const stuck = Math.max(0, ordersUnpaid - paymentsUnderWay);
  return [
    {
      name: "payments stuck",
      isMet: stuck === 0 && ordersAcknowledged > 0,
      measured: String(stuck),
      objective: "0",
      explanation: `${ordersUnpaid} unpaid orders, ${paymentsUnderWay} messages waiting for a worker`,
    },
  ];
}

/** Examples that an objective names; `result.json` has all. */
const EXAMPLES = 3;

/** A customer who was told of one order only has bought again under a new key what a checkout without an answer may have placed. */
function linesSoldTwice({ doubleSales, ordersAcknowledged }: DrillMeasures): ObjectiveResult {
  const told = doubleSales.filter(({ isAcknowledged }) => isAcknowledged);
  const examples = told
    .slice(0, EXAMPLES)
    .map(({ userId, quantity, sku, orderIds }) => `${quantity} × ${sku} of ${userId} in orders ${orderIds.join(", ")}`);
  return {
    name: "double sales",
    isMet: told.length === 0 && ordersAcknowledged > 0,
    measured: String(told.length),
    objective: "0",
    explanation:
      `lines that were put into a cart once and are in two acknowledged orders${examples.length === 0 ? "" : `: ${examples.join("; ")}`}; ` +
      `${doubleSales.length - told.length} more are in an acknowledged order and in one whose checkout got no answer`,
  };
}

function repeats({ repeats: all, wrongRepeats }: Verdicts): ObjectiveResult {
  return {
    name: "idempotency violations",
    isMet: wrongRepeats === 0 && all > 0,
    measured: String(wrongRepeats),
    objective: "0",
    explanation: `of ${all} retries of an acknowledged checkout with its idempotency key`,
  };
}

/** Charges without an acknowledged checkout are checked too: a lost answer must not cause a second charge. */
function charges(measures: DrillMeasures): ObjectiveResult {
  const { ordersChargedTwice, ordersChargedWrongly, ordersChargedUntold, ordersChargedUnexplained } = measures;
  const wrong = ordersChargedTwice + ordersChargedWrongly + ordersChargedUnexplained;
  return {
    name: "wrong charges",
    isMet: wrong === 0 && measures.ordersAcknowledged > 0,
    measured: String(wrong),
    objective: "0",
    explanation:
      `${ordersChargedTwice} orders charged more than once, ${ordersChargedWrongly} for another amount than acknowledged, ` +
      `${ordersChargedUnexplained} missing from a table or without a checkout; ` +
      `${ordersChargedUntold} charges without an acknowledged checkout in all`,
  };
}
