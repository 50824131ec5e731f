import type { LocalAws } from "../local-aws/local-aws";
import type { Objectives, Topology } from "../topology/topology";
import { type Customers, clientTimeoutMs } from "./clients/customers";
import { hasCheckout } from "./clients/shopping";
import type { DrilledDeployment } from "./deployment/drilled-deployment";
import type { DrillProps } from "./drill-props";
import { VERDICT_PROPAGATION } from "./measure/allowances";
import { grayFailure } from "./measure/gray-failure";
import type { RequestRecord, WriteRecord } from "./measure/history";
import { type AssumedLag, lagBorne } from "./measure/lag-borne";
import type { CartReading, WritesObserved } from "./measure/lost-writes";
import { measure } from "./measure/measure";
import { notJudged } from "./measure/not-judged";
import { judge } from "./measure/objectives";
import { requestsDuring } from "./measure/recovery-by-kind";
import { isVisibleAtFailover, type StrandedWrite, switchedAtMs } from "./measure/recovery-point";
import type { ColdStandby, DrillMeasures, DrillResult } from "./measure/result";
import { worstRecoveryMs } from "./measure/worst-recovery";
import type { DrillOptions } from "./options";
import { orderFates, untoldOrders } from "./orders/order-fates";
import { OrderTables } from "./orders/order-tables";
import { overwrittenItems } from "./orders/overwritten-items";
import type { Recorder } from "./recorder";

/** Declared milliseconds since the drill began. */
export interface FaultSpan {
  readonly faultBeganAtMs: number;
  readonly faultEndedAtMs: number;
}

/** A drill that is over; the local AWS still runs. */
export interface FinishedDrill {
  readonly deployment: DrilledDeployment;
  readonly customers: Customers;
  readonly coldStandby: ColdStandby | undefined;
  readonly cartReading: CartReading;
  readonly recorder: Recorder;
  readonly objectives: Objectives;
  readonly span: FaultSpan;
  /** Wall milliseconds of the start, and of everything after it. */
  readonly wallMs: { readonly coldStart: number; readonly drill: number };
}

/** What was seen, measured and judged; reads the orders back from every table and from the vendor's ledger. */
export async function drillResult(props: DrillProps, finished: FinishedDrill): Promise<DrillResult> {
  const { topology, fault, options } = props;
  const { deployment, customers, recorder, objectives, span, wallMs } = finished;
  const tables = new OrderTables(topology.tables, deployment.aws.engines);
  const { charges } = deployment.aws.vendor;
  const { requests, events, samples } = recorder;
  const strandedWrites = recorder.strandedWrites();
  const measures = measure({
    ...{ requests, events, strandedWrites },
    primaryWrites: recorder.primaryWrites,
    coldStandby: finished.coldStandby,
    assumedLag: assumedLag(options, recorder, objectives),
    orders: await orderFates(customers.orders, tables, charges),
    untoldOrders: await untoldOrders(customers.toldOrderIds, tables, charges),
    openCheckouts: customers.openCheckouts,
    written: await written(finished, tables),
    ...span,
    steadyMs: props.phases.steadySeconds * 1_000,
    answerBeforeFault: samples.findLast(({ atMs }) => atMs < span.faultBeganAtMs)?.answer,
    primaryRegion: deployment.primaryRegion,
    standbyRegions: deployment.standbyRegions,
    primaryCheckId: deployment.target.primaryRecord.healthCheckId,
    allowances: [VERDICT_PROPAGATION],
    wallMs: wallMs.drill,
  });
  const { evaluation, ttl } = deployment.switchboard.timesMs ?? { evaluation: 0, ttl: 0 };
  const inForceMs = evaluation + ttl + clientTimeoutMs(topology);
  const worst = (clients: "ttl" | "browser") =>
    worstRecoveryMs(topology, deployment.target.primaryRecord, clientTimeoutMs(topology), clients);
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
      apiName: deployment.target.apiName,
      primaryRegion: deployment.primaryRegion,
      secondaryRegion: deployment.standbyRegions[0] ?? "",
      summary: summaryOf(topology, deployment.target.apiName),
    },
    objectives: judge(fault, objectives, measures, {
      ...duringFault(requests, span),
      hasCheckout: hasCheckout(topology),
      repeats: customers.repeats,
      wrongRepeats: customers.wrongRepeats,
      clientTimeoutMs: clientTimeoutMs(topology),
      grayFailure: fault.isGray === true ? grayFailure(requests, events, span.faultBeganAtMs, inForceMs) : undefined,
      worstRecoveriesMs: { ttl: worst("ttl"), browser: worst("browser") },
      paymentsUnderWay: paymentsUnderWay(deployment.aws),
      isLatched: deployment.hasSwitch && topology.objectives?.failback === "latched",
      switchMs: deployment.switchboard.timesMs,
    }),
    notJudged: notJudged(fault, objectives, measures, hasCheckout(topology)),
    measures,
    history: {
      requests,
      events,
      samples,
      writes: strandedWrites.map((write) => writeRecord(write, deployment.primaryRegion, measures)),
    },
    wallMs: { coldStart: wallMs.coldStart, total: performance.now() - props.startedAtWallMs },
  };
}

function assumedLag({ replicationLag }: DrillOptions, recorder: Recorder, objectives: Objectives): AssumedLag {
  const borneFactor = lagBorne(recorder.laggedWrites(), objectives.recoveryPointSeconds * 1_000);
  return { ...replicationLag, ...(borneFactor === undefined ? {} : { borneFactor }) };
}

async function written(
  { deployment, customers, cartReading }: FinishedDrill,
  tables: OrderTables,
): Promise<WritesObserved> {
  return {
    puts: customers.puts,
    reading: cartReading,
    orderedLines: await tables.orderedLines(),
    overwrittenItems: await overwrittenItems(deployment.aws.replication.overwrittenWrites(), tables),
  };
}

function duringFault(requests: readonly RequestRecord[], { faultBeganAtMs, faultEndedAtMs }: FaultSpan) {
  const during = requestsDuring(requests, faultBeganAtMs, faultEndedAtMs);
  return {
    failedDuringFault: during.filter(({ outcome }) => outcome !== "acknowledged").length,
    requestsDuringFault: during.length,
  };
}

function writeRecord(write: StrandedWrite, region: string, measures: DrillMeasures): WriteRecord {
  const { what, acknowledgedAtMs, inTheEnd } = write;
  const visibleAtFailover = isVisibleAtFailover(write, switchedAtMs(measures.faultBeganAtMs, measures.switchTimeMs));
  return { what, acknowledgedAtMs, inTheEnd, region, visibleAtFailover };
}

/** Messages that a function will still receive: delayed, hidden, or waiting in a queue with an event source mapping. */
function paymentsUnderWay(aws: LocalAws): number {
  const depths = [...aws.regions.values()].flatMap(({ region, queues }) =>
    region.mappings.map(({ queueArn }) => queues.queue(queueArn)?.depth ?? 0),
  );
  return depths.reduce((sum, depth) => sum + depth, 0);
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
