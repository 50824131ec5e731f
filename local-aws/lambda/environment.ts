import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import type { LambdaFunction } from "../../topology/topology";
import { environmentVariables } from "./environment-variables";
import { failed, type InvocationResult, reported } from "./invocation";
import { eachLine } from "./lines";
import type { Delivery, EnvironmentListener, RuntimeApi } from "./runtime-api";

export interface LogLine {
  readonly functionName: string;
  readonly region: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

export interface EnvironmentProps {
  readonly lambda: LambdaFunction;
  readonly region: string;
  readonly runtimeApi: RuntimeApi;
  readonly accessKeyId: string;
  readonly added: Readonly<Record<string, string>>;
  readonly taskRoot: string;
  readonly onLine: (line: LogLine) => void;
  /** It waits for an event: from its start, and after each invocation. */
  readonly onIdle: (environment: Environment) => void;
  /** Its process has ended. @param initFailure - why, when it never became idle */
  readonly onGone: (environment: Environment, initFailure: InvocationResult | undefined) => void;
}

/** Milliseconds that Lambda gives a function's start: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT_MS = 10_000;

/** Megabytes of heap that a process gets at most, so that some twenty of them fit on a small machine. */
const MAX_HEAP_MB = 40;

/** One execution environment: a process that handles one invocation at a time, and ends with the drill. */
export class Environment implements EnvironmentListener {
  private readonly id = randomUUID();
  private readonly child: ChildProcess;
  private deliver: ((delivery: Delivery) => void) | undefined;
  private current: { readonly requestId: string; readonly settle: (result: InvocationResult) => void } | undefined;
  private hasBeenIdle = false;
  private initFailure: InvocationResult | undefined;
  private timer: NodeJS.Timeout | undefined;
  readonly ended: Promise<void>;

  constructor(private readonly props: EnvironmentProps) {
    const { lambda, region, runtimeApi, taskRoot, onLine } = props;
    const runtimeApiAddress = runtimeApi.register(this.id, this);
    const env = environmentVariables({ ...props, runtimeApiAddress, environmentId: this.id });
    const heapMb = Math.min(lambda.memorySizeMb, MAX_HEAP_MB);
    const nodeOptions = [`--max-old-space-size=${heapMb}`, "--max-semi-space-size=2"];
    const script = path.join(__dirname, "bootstrap.cjs");
    this.child = spawn(process.execPath, [...nodeOptions, script], { cwd: taskRoot, env, stdio: "pipe" });
    this.child.stdin?.on("error", () => undefined); // Nothing is ever written there; that it is open says that the drill lives.
    for (const stream of ["stdout", "stderr"] as const) {
      const readable = this.child[stream];
      if (readable) eachLine(readable, (text) => onLine({ functionName: lambda.functionName, region, stream, text }));
    }
    this.timer = setTimeout(
      () => this.failInit("Sandbox.Timedout", "init timed out after 10.00 seconds"),
      INIT_TIMEOUT_MS,
    );
    this.ended = new Promise((resolve) => {
      let isGone = false;
      const gone = (how: string) => {
        if (isGone) return;
        isGone = true;
        this.onExit(how);
        resolve();
      };
      this.child.once("exit", (code, signal) => gone(signal === null ? `exit status ${code}` : `signal: ${signal}`));
      this.child.once("error", (error) => gone(error.message));
    });
  }

  /** Hands an event to an idle environment. */
  run(body: string): Promise<InvocationResult> {
    const { deliver } = this;
    const { timeoutSeconds, arn } = this.props.lambda;
    if (deliver === undefined)
      throw new Error(`${this.props.lambda.address}: an environment takes one event at a time`);
    this.deliver = undefined;
    const requestId = randomUUID();
    return new Promise((resolve) => {
      this.current = { requestId, settle: resolve };
      const timeoutMs = timeoutSeconds * 1000;
      this.timer = setTimeout(() => {
        this.settle(failed("Sandbox.Timedout", `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`));
        this.kill();
      }, timeoutMs);
      deliver({ requestId, functionArn: arn, deadlineMs: Date.now() + timeoutMs, body });
    });
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  onNext(deliver: (delivery: Delivery) => void): void {
    if (!this.hasBeenIdle) clearTimeout(this.timer);
    this.hasBeenIdle = true;
    this.deliver = deliver;
    this.props.onIdle(this);
  }

  onResponse(requestId: string, payload: string): void {
    if (this.current?.requestId === requestId) this.settle({ payload: JSON.parse(payload) });
  }

  onError(requestId: string, body: string): void {
    if (this.current?.requestId === requestId) this.settle(reported(body));
  }

  onInitError(body: string): void {
    this.initFailure = reported(body);
  }

  private failInit(errorType: string, message: string): void {
    this.initFailure = failed(errorType, message);
    this.kill();
  }

  private settle(result: InvocationResult): void {
    clearTimeout(this.timer);
    this.current?.settle(result);
    this.current = undefined;
  }

  private onExit(how: string): void {
    this.props.runtimeApi.unregister(this.id);
    this.deliver = undefined;
    const failure = failed("Runtime.ExitError", `Runtime exited with error: ${how}`);
    this.settle(failure);
    this.props.onGone(this, this.hasBeenIdle ? undefined : (this.initFailure ?? failure));
  }
}
