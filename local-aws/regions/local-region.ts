import { DeclarationError } from "../../terraform-json/errors";
import type { EventSourceMapping, LambdaFunction, RegionTopology, Schedule, Topology } from "../../topology/topology";
import { JsonEndpoint, type ServiceProtocol } from "../aws-endpoints/json-endpoint";
import type { Caller, Callers } from "../aws-endpoints/permissions";
import { RegionalSecrets } from "../aws-endpoints/secrets";
import type { Authority } from "../certificates/authority";
import { putEmbeddedMetrics } from "../cloudwatch/embedded-metrics";
import type { MetricClock } from "../cloudwatch/metric-clock";
import { MetricStore } from "../cloudwatch/metric-store";
import { OwnMetrics } from "../cloudwatch/own-metrics";
import { RegionalAlarms } from "../cloudwatch/regional-alarms";
import { RegionalMetrics } from "../cloudwatch/regional-metrics";
import type { Engine } from "../dynamodb/engine";
import { RegionalTables } from "../dynamodb/regional-tables";
import type { Replication } from "../dynamodb/replication";
import type { GatewayProps } from "../http-api/gateway";
import { RegionListener } from "../http-api/listener";
import { FunctionHost } from "../lambda/function-host";
import { failed, type InvocationResult } from "../lambda/invocation";
import type { RuntimeApi } from "../lambda/runtime-api";
import type { Pace } from "../pace";
import { Scheduler } from "../schedules/scheduler";
import type { Random } from "../seeded-random";
import { RegionalQuotas } from "../service-quotas/regional-quotas";
import { Poller } from "../sqs/poller";
import { RegionalQueues } from "../sqs/regional-queues";
import { type OutsideUrls, withLocalUrls } from "./outside-urls";
import { RegionEndpoints } from "./region-endpoints";

/** What a region shares with the other regions. */
export interface RegionSurroundings {
  readonly topology: Topology;
  readonly pace: Pace;
  readonly random: Random;
  readonly authority: Authority;
  readonly issuers: GatewayProps["issuers"];
  readonly callers: Callers;
  readonly runtimeApi: RuntimeApi;
  readonly engine: Engine;
  readonly replication: Replication;
  readonly secretValue: (name: string) => string;
  readonly metricClock: MetricClock;
  /** Where URLs in functions' variables lead here. */
  readonly outsideUrls: OutsideUrls;
  /** Receives what functions wrote and which calls were denied. */
  readonly note: (region: string, text: string) => void;
}

/** More environments are not faster on a machine with few cores, and each takes some 25 MB. */
const ENVIRONMENTS_PER_FUNCTION = 2;
/** Runs of a schedule may overlap; a run without a free environment is dropped. */
const ENVIRONMENTS_PER_SCHEDULED_FUNCTION = 4;

/** What a function's runtime reports whose code cannot be loaded. */
const BROKEN = failed("Runtime.ImportModuleError", "Error: the function is broken by the drill");

/** One region as declared: its endpoints, functions, queues, schedules, alarms, and the listener of its APIs. */
export class LocalRegion {
  readonly listener: RegionListener;
  readonly queues: RegionalQueues;
  readonly metrics: MetricStore;
  readonly alarms: RegionalAlarms;
  readonly ownMetrics: OwnMetrics;
  readonly quotas: RegionalQuotas;
  readonly endpoints: RegionEndpoints;
  private readonly tables: RegionalTables;
  port = 0;
  private isHalted = false;
  /** Functions that fail on every invocation. */
  private readonly broken = new Set<string>();
  private readonly hosts = new Map<string, FunctionHost>();
  private pollers: readonly Poller[] = [];
  private schedulers: readonly Scheduler[] = [];

  constructor(
    readonly region: RegionTopology,
    private readonly surroundings: RegionSurroundings,
  ) {
    const { topology, authority, issuers, pace, random, note, metricClock: clock } = surroundings;
    const { accountId } = topology;
    this.queues = new RegionalQueues(region.name, region.queues, pace);
    const metrics = new MetricStore(clock);
    this.metrics = metrics;
    this.alarms = new RegionalAlarms({
      alarms: topology.alarms.filter((alarm) => alarm.region === region.name),
      ...{ metrics, clock, pace, random },
      isHalted: () => !this.hasCloudWatch,
      onChange: ({ alarm, state, reason }) => note(region.name, `alarm ${alarm.name} is ${state}: ${reason}`),
    });
    this.ownMetrics = new OwnMetrics(metrics, this.queues.all(), pace, () => this.isHalted);
    this.quotas = new RegionalQuotas(region.name, accountId);
    const { engine, replication } = surroundings;
    this.tables = new RegionalTables(region.name, accountId, topology.tables, engine, replication);
    this.tables.onThrottled = (tableName) => this.ownMetrics.writeThrottled(tableName);
    this.endpoints = this.endpointsOf(this.tables);
    this.listener = new RegionListener({
      region,
      accountId,
      issuers,
      authority,
      random,
      invoke: (lambda, event) => this.invoke(lambda.arn, event),
      onAnswer: (...answer) => this.ownMetrics.answered(...answer),
    });
  }

  /** Whether the region's metrics and alarms can be reached from outside. */
  get hasCloudWatch(): boolean {
    return this.endpoints.isReachable("monitoring");
  }

  /** Environments of all functions, warm ones and busy ones. */
  get environmentCount(): number {
    return [...this.hosts.values()].reduce((sum, host) => sum + host.environmentCount, 0);
  }

  /**
   * Starts the region, with one warm environment for each function behind the API or a queue unless it is cold.
   * @param nameServer - where functions look names up, `<address>:<port>`
   */
  async start(nameServer: string, isCold = false): Promise<void> {
    await this.endpoints.start();
    const environment = { ...this.endpoints.environment(), DRILL_NAME_SERVER: nameServer };
    for (const lambda of this.region.functions) this.hosts.set(lambda.arn, this.hostOf(lambda, environment));
    const [port] = await Promise.all([
      this.listener.start(),
      ...[...this.hosts].map(([arn, host]) => host.start(this.isWaitedFor(arn) && !isCold ? 1 : 0)),
    ]);
    this.port = port;
    this.pollers = this.region.mappings.map((mapping) => this.pollerOf(mapping));
    this.schedulers = this.region.schedules.map((schedule) => this.schedulerOf(schedule));
    for (const runner of this.runners()) runner.start();
  }

  /** Loses the region: it answers nothing and starts nothing. Running functions continue without the region's endpoints. */
  lose(how: "blackhole" | "refuse"): void {
    this.isHalted = true;
    this.listener.setFault(how);
    this.endpoints.setRegionFault(how === "refuse" ? "refuse" : "hang");
  }

  recover(): void {
    this.isHalted = false;
    this.listener.setFault("none");
    this.endpoints.setRegionFault("none");
  }

  async stop(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.stop()));
    await Promise.all(this.runners().map((runner) => runner.stop()));
    await Promise.all([this.listener.stop(), this.endpoints.stop()]);
  }

  private runners(): readonly { start(): void; stop(): Promise<void> }[] {
    return [...this.pollers, ...this.schedulers, this.alarms, this.ownMetrics];
  }

  /** Every write of the region's tables is throttled while reads work. */
  throttleWrites(isThrottled: boolean): void {
    this.tables.areWritesThrottled = isThrottled;
  }

  private endpointsOf(tables: RegionalTables): RegionEndpoints {
    const { topology, callers, secretValue, note, metricClock } = this.surroundings;
    const { name } = this.region;
    const { accountId } = topology;
    const denied = (caller: Caller | undefined, action: string, resource: string) =>
      note(name, `${caller?.name ?? "an unknown caller"} was denied ${action} on ${resource}`);
    const endpoint = (protocol: ServiceProtocol) => new JsonEndpoint(protocol, callers, denied);
    return new RegionEndpoints({
      dynamodb: endpoint(tables),
      sqs: endpoint(this.queues),
      secretsmanager: endpoint(new RegionalSecrets(name, accountId, topology.secrets, secretValue)),
      monitoring: endpoint(new RegionalMetrics(name, accountId, this.metrics, this.alarms, metricClock)),
      servicequotas: endpoint(this.quotas),
    });
  }

  /** Whether a request or a message may wait for the function. */
  private isWaitedFor(functionArn: string): boolean {
    const { apis, mappings } = this.region;
    const routed = apis.flatMap(({ routes }) => routes.map((route) => route.functionArn));
    return [...routed, ...mappings.map((mapping) => mapping.functionArn)].includes(functionArn);
  }

  /** Every invocation of a route's function ends in an error, until it is repaired. */
  breakFunctionOf(routeKey: string): void {
    const routes = this.region.apis.flatMap((api) => api.routes);
    for (const route of routes) if (route.routeKey === routeKey) this.broken.add(route.functionArn);
  }

  repairFunctions(): void {
    this.broken.clear();
  }

  private async invoke(functionArn: string, event: unknown): Promise<InvocationResult> {
    const host = this.hosts.get(functionArn);
    if (host === undefined)
      throw new DeclarationError(`${this.region.name}: no function ${functionArn} is declared there`);
    const result = this.broken.has(functionArn) ? BROKEN : await host.invoke(event);
    this.ownMetrics.invoked(functionArn.split(":").at(-1) ?? "", result);
    return result;
  }

  private hostOf(lambda: LambdaFunction, environment: Readonly<Record<string, string>>): FunctionHost {
    const { callers, runtimeApi, note, outsideUrls, metricClock } = this.surroundings;
    return new FunctionHost({
      lambda: { ...lambda, environment: withLocalUrls(lambda.environment, outsideUrls) },
      region: this.region.name,
      runtimeApi,
      accessKeyId: callers.accessKeyIdOf(lambda),
      environment,
      environmentCap: this.region.schedules.some(({ functionArn }) => functionArn === lambda.arn)
        ? ENVIRONMENTS_PER_SCHEDULED_FUNCTION
        : ENVIRONMENTS_PER_FUNCTION,
      onLine: ({ functionName, text }) => {
        note(this.region.name, `${functionName}: ${text}`);
        if (this.hasCloudWatch) putEmbeddedMetrics(text, this.metrics, metricClock);
      },
    });
  }

  private schedulerOf(schedule: Schedule): Scheduler {
    const { pace, random } = this.surroundings;
    const invoke = (event: unknown) => this.invoke(schedule.functionArn, event);
    return new Scheduler({ schedule, invoke, pace, random, isHalted: () => this.isHalted });
  }

  private pollerOf(mapping: EventSourceMapping): Poller {
    const queue = this.queues.queue(mapping.queueArn);
    if (queue === undefined)
      throw new DeclarationError(`${this.region.name}: no queue ${mapping.queueArn} is declared there`);
    const invoke = (event: unknown) => this.invoke(mapping.functionArn, event);
    return new Poller(mapping, this.region.name, queue, invoke, this.surroundings.pace, () => this.isHalted);
  }
}
