import type { LocalAws } from "../local-aws/local-aws";
import { Pace } from "../local-aws/pace";
import { seededRandom } from "../local-aws/seeded-random";
import { DeclarationError } from "../terraform-json/errors";
import type { Objectives, Topology } from "../topology/topology";
import { readCarts } from "./clients/cart-reading";
import { Customers } from "./clients/customers";
import { hasCheckout } from "./clients/shopping";
import { DrilledDeployment } from "./deployment/drilled-deployment";
import type { DrillProps } from "./drill-props";
import { drillResult, type FaultSpan } from "./drill-result";
import type { Fault } from "./faults/fault";
import { hasAvailability } from "./measure/objectives";
import type { DrillResult } from "./measure/result";
import { isAnswered, steadyState } from "./measure/steady-state";
import type { DrillOptions } from "./options";
import { Recorder } from "./recorder";

/** Longest wait for a steady state, in steady phases. */
const STEADY_PATIENCE = 2;

/** Longest wait, in wall seconds, for writes to become older than the recovery point objective. */
const LONGEST_AGING_SECONDS = 10;

/** Wall milliseconds for queues and replication to drain in the end. */
const DRAIN_MS = 4_000;

/** Starts the deployment, breaks it, repairs it, stops it, and returns the measurements. */
export async function runDrill(props: DrillProps): Promise<DrillResult> {
  const { topology, fault, options, watcher, signal } = props;
  const objectives = objectivesOf(topology, options);
  const pace = new Pace(options.speed);
  const random = seededRandom(options.seed);
  const { operatorPort } = options;
  const deployment = new DrilledDeployment({
    topology,
    pace,
    random,
    lag: options.replicationLag,
    signal,
    note: watcher.onNote,
    operatorPort,
  });
  try {
    const startingAtWallMs = performance.now();
    await deployment.start();
    const coldStartMs = performance.now() - startingAtWallMs;
    const customers = new Customers(topology, deployment, pace, random);
    const coldStandby = await customers.firstAnswers();
    await customers.warmUp();
    deployment.open();
    const recorder = new Recorder(deployment, pace);
    recorder.onEvent = watcher.onEvent;
    recorder.start();
    await customers.start({
      count: options.clients,
      everybodyHonoursTtl: fault.everybodyHonoursTtl === true,
      waitsInWallTime: hasAvailability(fault),
      everyRegionWritten: fault.everyRegionWritten === true,
      onRequest: (record) => recorder.request(record),
    });
    watcher.onReady?.(deployment.aws.operatorUrl);
    recorder.note("drill started", `${options.clients} clients send requests to ${deployment.target.apiName}`);
    const stopWatching = watch(props, recorder, pace);
    const span = await breakAndRepair(props, deployment, objectives, recorder, pace);
    await customers.stop();
    if (!signal.aborted) await drain(deployment.aws);
    const reads = hasCheckout(topology) && !signal.aborted;
    const cartReading = reads ? await readCarts(deployment, customers.userIds) : { carts: [] };
    await recorder.stop();
    stopWatching();
    recorder.note("drill ended", "the local AWS is stopped");
    const wallMs = { coldStart: coldStartMs, drill: performance.now() - startingAtWallMs - coldStartMs };
    const observed = { deployment, customers, coldStandby, cartReading, recorder, objectives, span, wallMs };
    return await drillResult(props, observed);
  } finally {
    await deployment.stop();
  }
}

function objectivesOf(
  { objectives }: Topology,
  { recoveryTimeSeconds, recoveryPointSeconds }: DrillOptions,
): Objectives {
  const recoveryTime = recoveryTimeSeconds ?? objectives?.recoveryTimeSeconds;
  const recoveryPoint = recoveryPointSeconds ?? objectives?.recoveryPointSeconds;
  if (recoveryTime !== undefined && recoveryPoint !== undefined) {
    return { ...objectives, recoveryTimeSeconds: recoveryTime, recoveryPointSeconds: recoveryPoint };
  }
  throw new DeclarationError(
    "objectives: no stack has an output 'recovery_objectives'; state them with --rto and --rpo",
  );
}

/** Waits for a steady state. A stalled machine recovers; a deployment that is broken by itself does not. */
async function untilSteady(
  deployment: DrilledDeployment,
  recorder: Recorder,
  pace: Pace,
  steadySeconds: number,
): Promise<void> {
  const isSoNow = () => {
    const isPrimaryInService = recorder.samples.at(-1)?.answer === deployment.primaryRegion;
    return isAnswered(steadyState(recorder.requests, pace.nowMs(), steadySeconds * 1_000, isPrimaryInService));
  };
  for (let waited = 0; waited < STEADY_PATIENCE * steadySeconds && !isSoNow(); waited += 1) await deployment.wait(1);
}

/**
 * Declared seconds until writes are older than the recovery point objective, which counts in real time. Before that no lag, however long, could
 * miss it. Zero where the fault does not judge it.
 */
function agingSeconds({ recoveryPointSeconds }: Objectives, fault: Fault, { speed }: DrillOptions): number {
  const isJudged = fault.mustFailOver === true && fault.isByHand !== true && fault.marksRecoveryPoint !== true;
  return isJudged ? Math.min(recoveryPointSeconds + 1, LONGEST_AGING_SECONDS) * speed : 0;
}

async function breakAndRepair(
  { fault, options, phases }: DrillProps,
  deployment: DrilledDeployment,
  objectives: Objectives,
  recorder: Recorder,
  pace: Pace,
): Promise<FaultSpan> {
  await deployment.wait(Math.max(phases.steadySeconds, agingSeconds(objectives, fault, options)));
  await untilSteady(deployment, recorder, pace, phases.steadySeconds);
  deployment.markRecoveryPoint();
  recorder.note("fault began", fault.description);
  const faultBeganAtMs = recorder.events.at(-1)?.atMs ?? 0;
  await fault.run(deployment, options.durationSeconds);
  recorder.note("fault ended", "the fault is repaired");
  const faultEndedAtMs = recorder.events.at(-1)?.atMs ?? 0;
  await deployment.wait(phases.afterwardsSeconds);
  return { faultBeganAtMs, faultEndedAtMs };
}

/** Waits until queues and replication have drained, for a limited time. */
async function drain(aws: LocalAws): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const isBusy = () =>
    aws.replication.pendingWrites().length > 0 ||
    [...aws.regions.values()].some(({ queues }) =>
      queues.all().some(({ declared, visibleDepth }) => declared.redrive !== undefined && visibleDepth > 0),
    );
  while (isBusy() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}

function watch({ options, watcher, signal, phases }: DrillProps, recorder: Recorder, pace: Pace): () => void {
  const totalMs = (phases.steadySeconds + options.durationSeconds + phases.afterwardsSeconds) * 1_000;
  let before = 0;
  const timer = setInterval(() => {
    if (signal.aborted) return;
    const { requests, events, samples } = recorder;
    const last = events.findLast(({ kind }) => kind !== "drill ended");
    const answer = samples.at(-1)?.answer;
    watcher.onProgress({
      elapsedMs: pace.nowMs(),
      totalMs,
      phase: last?.text ?? "",
      requestsPerSecond: (requests.length - before) * 2,
      failures: requests.filter(({ outcome }) => outcome !== "acknowledged").length,
      ...(answer === undefined ? {} : { answer }),
    });
    before = requests.length;
  }, 500);
  return () => clearInterval(timer);
}
