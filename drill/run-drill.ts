import { hasCheckout } from "./clients/shopping";
import type { Fault } from "./faults/faults";
import type { DrillEvent, WriteRecord } from "./measure/history";
import { measure } from "./measure/measure";
import { notJudged } from "./measure/not-judged";
import { judge } from "./measure/objectives";
import { isVisibleAtFailover, type StrandedWrite } from "./measure/recovery-point";
import type { DrillMeasures, DrillResult } from "./measure/result";
import { isAnswered, steadyState } from "./measure/steady-state";
import type { DrillOptions } from "./options";
import { Pace } from "./pace";
import { seededRandom } from "./seeded-random";
import { TopologyError } from "./terraform/errors";
import type { Objectives, Topology } from "./topology/topology";
import { Customers, clientTimeoutMs } from "./world/customers";
import { worstRecoveryMs } from "./world/failover-pair";
import { orderFates, untoldOrders } from "./world/order-fates";
import { OrderTables } from "./world/order-tables";
import { Recorder } from "./world/recorder";
import { USUAL_LAG, World } from "./world/world";

/** Declared seconds before the fault, and after its end. */
export interface Phases {
  readonly steadySeconds: number;
  readonly afterwardsSeconds: number;
}

export const USUAL_PHASES: Phases = { steadySeconds: 30, afterwardsSeconds: 60 };

/** So many steady phases longer it is waited for one in which customers are answered. */
const STEADY_PATIENCE = 2;

/** Wall milliseconds that queues and replication get to run empty in the end. */
const DRAIN_MS = 4_000;

export interface DrillWatcher {
  readonly onEvent: (event: DrillEvent) => void;
  readonly onProgress: (progress: {
    readonly elapsedMs: number;
    readonly totalMs: number;
    readonly phase: string;
    readonly requestsPerSecond: number;
    readonly failures: number;
    readonly answer?: string;
  }) => void;
  /** Told what functions wrote and what they were denied. */
  readonly onNote: (region: string, text: string) => void;
  /** Told where operators reach the drill, once everything stands. */
  readonly onReady?: (operatorUrl: string) => void;
}

export interface DrillProps {
  readonly topology: Topology;
  readonly source: string;
  readonly fault: Fault;
  readonly options: DrillOptions;
  readonly watcher: DrillWatcher;
  readonly phases: Phases;
  /** Breaks the drill off. */
  readonly signal: AbortSignal;
  /** Wall time at which the whole command began. */
  readonly startedAtWallMs: number;
}

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
    await customers.start(options.clients, fault.everybodyHonoursTtl === true, (record) => recorder.request(record));
    watcher.onReady?.(world.operatorUrl);
    recorder.note("drill started", `${options.clients} customers shop at ${world.pair.apiName}`);
    const stopWatching = watch(props, recorder, pace);
    const span = await breakAndMend(props, world, recorder, pace);
    await customers.stop();
    if (!signal.aborted) await drain(world);
    await recorder.stop();
    stopWatching();
    recorder.note("drill ended", "everything is taken down");
    const tables = new OrderTables(topology.tables, world.engines);
    const { charges } = world.vendor;
    const { requests, events, samples } = recorder;
    const strandedWrites = recorder.strandedWrites();
    const measures = measure({
      ...{ requests, events, strandedWrites },
      primaryWrites: recorder.primaryWrites,
      orders: await orderFates(customers.orders, tables, charges),
      untoldOrders: await untoldOrders(customers.toldOrderIds, tables, charges),
      openCheckouts: customers.openCheckouts,
      ...span,
      steadyMs: props.phases.steadySeconds * 1_000,
      answerBeforeFault: samples.findLast(({ atMs }) => atMs < span.faultBeganAtMs)?.answer,
      primaryRegion: world.primaryRegion,
      secondaryRegion: world.secondaryRegion,
      primaryCheckId: world.pair.primaryRecord.healthCheckId,
      wallMs: performance.now() - startingAtWallMs - coldStartMs,
    });
    const during = requests.filter(
      (it) => it.honoursTtl && it.endedAtMs >= span.faultBeganAtMs && it.startedAtMs < span.faultEndedAtMs,
    );
    return {
      fault: {
        name: fault.name,
        description: fault.description,
        ...(fault.mustFailOver === undefined ? {} : { expectsFailover: fault.mustFailOver }),
      },
      options: {
        speed: options.speed,
        seed: options.seed,
        clients: options.clients,
        durationMs: options.durationSeconds * 1_000,
      },
      topology: {
        source: props.source,
        apiName: world.pair.apiName,
        primaryRegion: world.primaryRegion,
        secondaryRegion: world.secondaryRegion,
        summary: summaryOf(topology, world.pair.apiName),
      },
      objectives: judge(fault, objectives, measures, {
        hasCheckout: hasCheckout(topology),
        repeats: customers.repeats,
        wrongRepeats: customers.wrongRepeats,
        failedDuringFault: during.filter(({ outcome }) => outcome !== "acknowledged").length,
        requestsDuringFault: during.length,
        worstRecoveryMs: worstRecoveryMs(topology, world.pair.primaryRecord, clientTimeoutMs(topology)),
        paymentsUnderWay: paymentsUnderWay(world),
        isLatched: world.hasSwitch && topology.objectives?.failback === "latched",
        switchMs: world.switchboard.timesMs,
      }),
      notJudged: notJudged(fault, objectives, measures, hasCheckout(topology)),
      measures,
      history: {
        requests,
        events,
        samples,
        writes: strandedWrites.map((write) => writeRecord(write, world.primaryRegion, measures)),
      },
      wallMs: { coldStart: coldStartMs, total: performance.now() - props.startedAtWallMs },
    };
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
  throw new TopologyError("objectives: no stack has an output 'recovery_objectives'; state them with --rto and --rpo");
}

/** Gives a machine that has stalled another chance: what is broken by itself stays broken. */
async function untilSteady(world: World, recorder: Recorder, pace: Pace, steadySeconds: number): Promise<void> {
  const isSoNow = () => {
    const isPrimaryInService = recorder.samples.at(-1)?.answer === world.primaryRegion;
    return isAnswered(steadyState(recorder.requests, pace.nowMs(), steadySeconds * 1_000, isPrimaryInService));
  };
  for (let waited = 0; waited < STEADY_PATIENCE * steadySeconds && !isSoNow(); waited += 1) await world.wait(1);
}

async function breakAndMend({ fault, options, phases }: DrillProps, world: World, recorder: Recorder, pace: Pace) {
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

function writeRecord(write: StrandedWrite, region: string, measures: DrillMeasures): WriteRecord {
  const { what, acknowledgedAtMs, inTheEnd } = write;
  const { faultBeganAtMs, switchTimeMs } = measures;
  const switchedAtMs = switchTimeMs === undefined ? undefined : faultBeganAtMs + switchTimeMs;
  return { what, acknowledgedAtMs, inTheEnd, region, visibleAtFailover: isVisibleAtFailover(write, switchedAtMs) };
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

/** Messages that a function will still get: on their way, hidden, or waiting in a queue that somebody reads. */
function paymentsUnderWay(world: World): number {
  const depths = [...world.regions.values()].flatMap(({ region, queues }) =>
    region.mappings.map(({ queueArn }) => queues.queue(queueArn)?.depth ?? 0),
  );
  return depths.reduce((sum, depth) => sum + depth, 0);
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

function summaryOf({ tables, regions, healthChecks, records }: Topology, apiName: string): string[] {
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const apis = regions.flatMap((region) => region.apis);
  return [
    count(tables.length, "global table"),
    count(apis.length, "regional API"),
    count(regions.flatMap(({ functions }) => functions).length, "function"),
    count(healthChecks.length, "health check"),
    count(records.filter(({ failover, name }) => failover !== undefined && name === apiName).length, "failover record"),
  ];
}
