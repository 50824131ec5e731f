import { JsonEndpoint } from "../aws-endpoints/json-endpoint";
import type { Callers } from "../aws-endpoints/permissions";
import { isAllowed } from "../aws-endpoints/permissions";
import { RegionalSecrets } from "../aws-endpoints/secrets";
import type { Authority } from "../certificates/authority";
import type { Engine } from "../dynamodb/engine";
import { RegionalTables } from "../dynamodb/regional-tables";
import type { Replication } from "../dynamodb/replication";
import type { GatewayProps } from "../http-api/gateway";
import { RegionListener } from "../http-api/listener";
import { FunctionHost } from "../lambda/function-host";
import type { InvocationResult } from "../lambda/invocation";
import type { RuntimeApi } from "../lambda/runtime-api";
import type { Pace } from "../pace";
import { Scheduler } from "../schedules/scheduler";
import type { Random } from "../seeded-random";
import { Poller } from "../sqs/poller";
import { RegionalQueues } from "../sqs/regional-queues";
import { TopologyError } from "../terraform/errors";
import type { EventSourceMapping, LambdaFunction, RegionTopology, Topology } from "../topology/topology";

/** What a region shares with the others, or with the drill. */
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
  /** Where services outside of AWS are stood in for: variables that name one are given this. */
  readonly outsideUrl: string;
  /** Told what a function wrote or was denied, for the log. */
  readonly note: (region: string, text: string) => void;
}

/** Nobody listens there: a service that the drill does not stand up is refused, and no call leaves the machine. */
const NOWHERE = "http://127.0.0.1:1";

/** More would not be quicker on a machine with few cores, and each takes some 25 MB of its own. */
const ENVIRONMENTS_PER_FUNCTION = 2;

/** One region as declared: its endpoints, functions, queues, schedules, and the listener of its APIs. */
export class RegionWorld {
  readonly listener: RegionListener;
  readonly queues: RegionalQueues;
  port = 0;
  private isHalted = false;
  private readonly dynamoDb: JsonEndpoint;
  private readonly others: readonly JsonEndpoint[];
  private readonly hosts = new Map<string, FunctionHost>();
  private pollers: readonly Poller[] = [];
  private schedulers: readonly Scheduler[] = [];

  constructor(
    readonly region: RegionTopology,
    private readonly surroundings: RegionSurroundings,
  ) {
    const { topology, authority, issuers, callers, engine, replication, secretValue, pace, random, note } =
      surroundings;
    const { accountId } = topology;
    const denied = (caller: LambdaFunction | undefined, action: string, resource: string) =>
      note(region.name, `${caller?.functionName ?? "an unknown caller"} was denied ${action} on ${resource}`);
    this.queues = new RegionalQueues(region.queues, pace);
    this.dynamoDb = new JsonEndpoint(
      new RegionalTables(region.name, accountId, topology.tables, engine, replication),
      callers,
      denied,
    );
    this.others = [
      new JsonEndpoint(this.queues, callers, denied),
      new JsonEndpoint(new RegionalSecrets(region.name, accountId, topology.secrets, secretValue), callers, denied),
    ];
    this.listener = new RegionListener({
      region,
      accountId,
      issuers,
      authority,
      random,
      invoke: (lambda, event) => this.invoke(lambda.arn, event),
    });
  }

  /** Stands the region up, with one environment of each function that the API leads to warm. */
  async start(): Promise<void> {
    const [dynamoDbUrl, queuesUrl, secretsUrl] = await Promise.all(
      [this.dynamoDb, ...this.others].map((it) => it.start()),
    );
    const endpoints = {
      AWS_ENDPOINT_URL: NOWHERE,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl ?? NOWHERE,
      AWS_ENDPOINT_URL_SQS: queuesUrl ?? NOWHERE,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl ?? NOWHERE,
    };
    for (const lambda of this.region.functions) this.hosts.set(lambda.arn, this.hostOf(lambda, endpoints));
    const [port] = await Promise.all([
      this.listener.start(),
      ...[...this.hosts].map(([arn, host]) => host.start(this.isWaitedFor(arn) ? 1 : 0)),
    ]);
    this.port = port;
    this.pollers = this.region.mappings.map((mapping) => this.pollerOf(mapping));
    this.schedulers = this.region.schedules.map(
      (schedule) =>
        new Scheduler(
          schedule,
          (event) => this.invoke(schedule.functionArn, event),
          this.surroundings.pace,
          () => this.isHalted,
        ),
    );
    for (const runner of [...this.pollers, ...this.schedulers]) runner.start();
  }

  /** Nothing of the region answers or runs any more. */
  lose(how: "blackhole" | "refuse"): void {
    this.isHalted = true;
    this.listener.setFault(how);
    for (const endpoint of [this.dynamoDb, ...this.others]) endpoint.setFault(how === "refuse" ? "refuse" : "hang");
  }

  recover(): void {
    this.isHalted = false;
    this.listener.setFault("none");
    for (const endpoint of [this.dynamoDb, ...this.others]) endpoint.setFault("none");
  }

  setDynamoDbGone(isGone: boolean): void {
    this.dynamoDb.setFault(isGone ? "refuse" : "none");
  }

  async stop(): Promise<void> {
    await Promise.all([...this.hosts.values()].map((host) => host.stop()));
    await Promise.all([...this.pollers, ...this.schedulers].map((runner) => runner.stop()));
    await Promise.all([this.listener.stop(), this.dynamoDb.stop(), ...this.others.map((endpoint) => endpoint.stop())]);
  }

  /** A customer or a message may be waiting for it, at any time. */
  private isWaitedFor(functionArn: string): boolean {
    const { apis, mappings } = this.region;
    const routed = apis.flatMap(({ routes }) => routes.map((route) => route.functionArn));
    return [...routed, ...mappings.map((mapping) => mapping.functionArn)].includes(functionArn);
  }

  private invoke(functionArn: string, event: unknown): Promise<InvocationResult> {
    const host = this.hosts.get(functionArn);
    if (host === undefined)
      throw new TopologyError(`${this.region.name}: no function ${functionArn} is declared there`);
    return host.invoke(event);
  }

  private hostOf(lambda: LambdaFunction, environment: Readonly<Record<string, string>>): FunctionHost {
    const { callers, runtimeApi, note } = this.surroundings;
    return new FunctionHost({
      lambda: { ...lambda, environment: this.withOutsideServices(lambda.environment) },
      region: this.region.name,
      runtimeApi,
      accessKeyId: callers.accessKeyIdOf(lambda),
      environment,
      environmentCap: ENVIRONMENTS_PER_FUNCTION,
      onLine: ({ functionName, text }) => note(this.region.name, `${functionName}: ${text}`),
    });
  }

  /** A variable that holds the URL of somebody else's service leads to its stand-in. */
  private withOutsideServices(environment: Readonly<Record<string, string>>): Record<string, string> {
    const isOutside = (value: string) =>
      /^https:\/\//.test(value) && !/^https:\/\/[^/]*\.amazonaws\.com(?:\/|$)/.test(value);
    return Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        isOutside(value) ? this.surroundings.outsideUrl : value,
      ]),
    );
  }

  private pollerOf(mapping: EventSourceMapping): Poller {
    const queue = this.queues.queue(mapping.queueArn);
    const lambda = this.region.functions.find(({ arn }) => arn === mapping.functionArn);
    if (queue === undefined || lambda === undefined) {
      throw new TopologyError(`${mapping.address}: must join a queue and a function of ${this.region.name}`);
    }
    for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]) {
      if (isAllowed(lambda.statements, action, mapping.queueArn)) continue;
      throw new TopologyError(
        `${mapping.address}: the role of ${lambda.functionName} must allow ${action} on ${mapping.queueArn}`,
      );
    }
    const invoke = (event: unknown) => this.invoke(mapping.functionArn, event);
    return new Poller(mapping, this.region.name, queue, invoke, this.surroundings.pace, () => this.isHalted);
  }
}
