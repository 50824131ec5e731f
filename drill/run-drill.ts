import { Pace } from "../local-aws/pace";
import { seededRandom } from "../local-aws/seeded-random";
import { USUAL_LAG, World } from "../local-aws/world/world";
import { DeclarationError } from "../terraform-json/errors";
import type { Objectives, Topology } from "../topology/topology";
import { Customers } from "./clients/customers";
import type { DrillProps } from "./drill-props";
import { drillResult, type FaultSpan } from "./drill-result";
import { hasAvailability } from "./measure/objectives";
import type { DrillResult } from "./measure/result";
import { isAnswered, steadyState } from "./measure/steady-state";
import type { DrillOptions } from "./options";
import { Recorder } from "./recorder";

/** So many steady phases longer it is waited for one in which customers are answered. */
const STEADY_PATIENCE = 2;

/** Wall milliseconds that queues and replication get to run empty in the end. */
const DRAIN_MS = 4_000;

/** Stands the topology up, breaks it, mends it, takes it down, and says what it has seen. */
export async function runDrill(props: DrillProps): Promise<DrillResult> {
  const { topology, fault, options, watcher, signal } = props;
  const objectives = objectivesOf(topology, options);
  const pace = new Pace(options.speed);
  const random = seededRandom(options.seed);
  const { operatorPort } = options;
  const world = new World({ topology, pace, random, lag: USUAL_LAG, signal, note: watcher.onNote, operatorPort });
  try {
    const startingAtWallMs = performance.now();
    await world.start();
    const coldStartMs = performance.now() - startingAtWallMs;
    const customers = new Customers(topology, world, pace, random);
    await customers.warmUp();
    world.open();
    const recorder = new Recorder(world, pace);
    recorder.onEvent = watcher.onEvent;
    recorder.start();
    await customers.start({
      count: options.clients,
      everybodyHonoursTtl: fault.everybodyHonoursTtl === true,
      waitsInWallTime: hasAvailability(fault),
      onRequest: (record) => recorder.request(record),
    });
    watcher.onReady?.(world.operatorUrl);
    recorder.note("drill started", `${options.clients} customers shop at ${world.pair.apiName}`);
    const stopWatching = watch(props, recorder, pace);
    const span = await breakAndMend(props, world, recorder, pace);
    await customers.stop();
    if (!signal.aborted) await drain(world);
    await recorder.stop();
    stopWatching();
    recorder.note("drill ended", "everything is taken down");
    const wallMs = { coldStart: coldStartMs, drill: performance.now() - startingAtWallMs - coldStartMs };
    return await drillResult(props, { world, customers, recorder, objectives, span, wallMs });
  } finally {
    await world.stop();
  }
}

function objectivesOf(
  { objectives }: Topology,
  { recoveryTimeSeconds, recoveryPointSeconds }: DrillOptions,
): Objectives {
  const recoveryTime = recoveryTimeSeconds ?? objectives?.recoveryTimeSeconds;
  const recoveryPoint = recoveryPointSeconds ?? objectives?.recoveryPointSeconds;
  if (recoveryTime !== undefined && recoveryPoint !== undefined) {
    return { recoveryTimeSeconds: recoveryTime, recoveryPointSeconds: recoveryPoint };
  }
  throw new DeclarationError(
    "objectives: no stack has an output 'recovery_objectives'; state them with --rto and --rpo",
  );
}

/** Gives a machine that has stalled another chance: what is broken by itself stays broken. */
async function untilSteady(world: World, recorder: Recorder, pace: Pace, steadySeconds: number): Promise<void> {
  const isSoNow = () => {
    const isPrimaryInService = recorder.samples.at(-1)?.answer === world.primaryRegion;
    return isAnswered(steadyState(recorder.requests, pace.nowMs(), steadySeconds * 1_000, isPrimaryInService));
  };
  for (let waited = 0; waited < STEADY_PATIENCE * steadySeconds && !isSoNow(); waited += 1) await world.wait(1);
}

async function breakAndMend(
  { fault, options, phases }: DrillProps,
  world: World,
  recorder: Recorder,
  pace: Pace,
): Promise<FaultSpan> {
  await world.wait(phases.steadySeconds);
  await untilSteady(world, recorder, pace, phases.steadySeconds);
  world.markRecoveryPoint();
  recorder.note("fault began", fault.description);
  const faultBeganAtMs = recorder.events.at(-1)?.atMs ?? 0;
  await fault.run(world, options.durationSeconds);
  recorder.note("fault ended", "everything is mended");
  const faultEndedAtMs = recorder.events.at(-1)?.atMs ?? 0;
  await world.wait(phases.afterwardsSeconds);
  return { faultBeganAtMs, faultEndedAtMs };
}

/** Waits until nothing is on its way any more, within reason. */
async function drain(world: World): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const isBusy = () =>
    world.replication.pendingWrites().length > 0 ||
    [...world.regions.values()].some(({ queues }) =>
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
