import fs from "node:fs";
import type { LambdaFunction } from "../../topology/topology";
import { Environment, type LogLine } from "./environment";
import { failed, type InvocationResult, throttled } from "./invocation";
import type { RuntimeApi } from "./runtime-api";
import { unpackCode } from "./unpacked-code";

export interface FunctionHostProps {
  readonly lambda: LambdaFunction;
  readonly region: string;
  readonly runtimeApi: RuntimeApi;
  /** `AWS_ACCESS_KEY_ID` of the function, by which the drill's endpoints recognise its calls. */
  readonly accessKeyId: string;
  /**
   * Variables that the drill adds to the declared ones, such as `AWS_ENDPOINT_URL_DYNAMODB`.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environments at once that the machine can bear; a smaller reserved concurrency holds besides.
   * @default 4
   */
  readonly environmentCap?: number;
  /**
   * Wall milliseconds that an invocation waits for an environment to become free when no more may be started, before it is throttled.
   * @default 1000 where the machine is the limit, since Lambda would have scaled further; 0 where the reserved concurrency is
   */
  readonly queueMs?: number;
  /**
   * Told each line that the function writes.
   * @default lines are dropped
   */
  readonly onLine?: (line: LogLine) => void;
}

interface Waiting {
  readonly body: string;
  readonly settle: (result: InvocationResult) => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Runs one declared function from the zip that would be deployed, in as many environments as invocations overlap.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
 */
export class FunctionHost {
  /** Invocations at once that are let in. */
  readonly concurrencyLimit: number;
  private readonly queueMs: number;
  private readonly environments = new Set<Environment>();
  private readonly starting = new Set<Environment>();
  /** The last one is the one last used: like Lambda, keep few warm rather than all lukewarm. */
  private readonly idle: Environment[] = [];
  private waiting: Waiting[] = [];
  private onceWarm: (() => void)[] = [];
  private taskRoot: string | undefined;
  private isStopped = false;

  constructor(private readonly props: FunctionHostProps) {
    const reserved = props.lambda.reservedConcurrentExecutions ?? Number.POSITIVE_INFINITY;
    const cap = props.environmentCap ?? 4;
    this.concurrencyLimit = Math.min(reserved, cap);
    this.queueMs = props.queueMs ?? (reserved <= cap ? 0 : 1000);
  }

  /**
   * Unpacks the code, and starts environments ahead of the first invocation.
   * @param warm - how many; resolves when all of them wait for an event, or have failed to start
   */
  async start(warm = 0): Promise<void> {
    this.taskRoot = unpackCode(this.props.lambda.zipPath);
    for (let count = 0; count < Math.min(warm, this.concurrencyLimit); count += 1) this.startEnvironment();
    if (this.starting.size > 0) await new Promise<void>((resolve) => this.onceWarm.push(resolve));
  }

  /** How many environments there are. */
  get environmentCount(): number {
    return this.environments.size;
  }

  invoke(event: unknown): Promise<InvocationResult> {
    if (this.isStopped) return Promise.resolve(failed("ServiceException", "the function's host has stopped"));
    const body = JSON.stringify(event) ?? "null";
    const environment = this.idle.pop();
    if (environment !== undefined) return environment.run(body);
    return new Promise((settle) => {
      const waiting: Waiting = { body, settle, timer: undefined };
      this.waiting.push(waiting);
      this.scale();
      // Who waits for an environment that is being started is not throttled: that is a cold start.
      if (this.waiting.length > this.starting.size) this.throttleLater(waiting);
    });
  }

  /** Ends all environments, answers what still waits, and removes the unpacked code. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const { settle, timer } of this.waiting.splice(0)) {
      clearTimeout(timer);
      settle(failed("ServiceException", "the function's host has stopped"));
    }
    const environments = [...this.environments];
    for (const environment of environments) environment.kill();
    await Promise.all(environments.map(({ ended }) => ended));
    if (this.taskRoot !== undefined) fs.rmSync(this.taskRoot, { recursive: true, force: true });
  }

  /** Starts an environment for each invocation that waits for none yet, as far as the limit allows. */
  private scale(): void {
    while (this.starting.size < this.waiting.length && this.environments.size < this.concurrencyLimit) {
      this.startEnvironment();
    }
  }

  private throttleLater(waiting: Waiting): void {
    const throttle = () => {
      this.waiting = this.waiting.filter((other) => other !== waiting);
      waiting.settle(throttled);
    };
    if (this.queueMs === 0) throttle();
    else waiting.timer = setTimeout(throttle, this.queueMs);
  }

  private startEnvironment(): void {
    const { taskRoot } = this;
    const { lambda, region, runtimeApi, accessKeyId, environment: added = {}, onLine = () => undefined } = this.props;
    if (taskRoot === undefined) throw new Error(`${lambda.address}: must be started before it is invoked`);
    const environment = new Environment({
      ...{ lambda, region, runtimeApi, accessKeyId, added, taskRoot, onLine },
      onIdle: (idle) => this.onIdle(idle),
      onGone: (gone, initFailure) => this.onGone(gone, initFailure),
    });
    this.environments.add(environment);
    this.starting.add(environment);
  }

  private onIdle(environment: Environment): void {
    this.onStarted(environment);
    const next = this.waiting.shift();
    if (next === undefined) {
      this.idle.push(environment);
      return;
    }
    clearTimeout(next.timer);
    void environment.run(next.body).then(next.settle);
  }

  private onGone(environment: Environment, initFailure: InvocationResult | undefined): void {
    this.environments.delete(environment);
    const place = this.idle.indexOf(environment);
    if (place >= 0) this.idle.splice(place, 1);
    this.onStarted(environment);
    if (this.isStopped) return;
    if (initFailure !== undefined) {
      const first = this.waiting.shift();
      clearTimeout(first?.timer);
      first?.settle(initFailure);
    }
    this.scale();
  }

  private onStarted(environment: Environment): void {
    this.starting.delete(environment);
    if (this.starting.size === 0) for (const resolve of this.onceWarm.splice(0)) resolve();
  }
}
