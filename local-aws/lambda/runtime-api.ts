import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One event, on its way to an environment. */
export interface Delivery {
  readonly requestId: string;
  readonly functionArn: string;
  /** Milliseconds since 1970 at which the environment will be ended. */
  readonly deadlineMs: number;
  /** The event, as JSON. */
  readonly body: string;
}

/** What an environment reports by the Runtime API. */
export interface EnvironmentListener {
  /** It asks for its next event; answered once, whenever there is one. */
  onNext(deliver: (delivery: Delivery) => void): void;
  /** @param payload - the function's result, as JSON */
  onResponse(requestId: string, payload: string): void;
  /** @param body - `{ errorType, errorMessage, trace }`, as JSON */
  onError(requestId: string, body: string): void;
  onInitError(body: string): void;
}

const CALL = /^\/([^/]+)\/2018-06-01\/runtime\/(?:init\/error|invocation\/(next|([^/]+)\/(response|error)))$/;

/**
 * Lambda's Runtime API for all the environments of a drill; the first part of the path tells them apart.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly environments = new Map<string, EnvironmentListener>();
  private server: Server | undefined;
  private address = "";

  async start(): Promise<void> {
    const server = createServer((request, response) => this.serve(request, response));
    server.keepAliveTimeout = 0; // An environment may wait for an event as long as the drill lasts.
    server.requestTimeout = 0;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.server = server;
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @returns what the environment finds in `AWS_LAMBDA_RUNTIME_API` */
  register(environmentId: string, listener: EnvironmentListener): string {
    this.environments.set(environmentId, listener);
    return `${this.address}/${environmentId}`;
  }

  unregister(environmentId: string): void {
    this.environments.delete(environmentId);
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const [, environmentId = "", next, requestId, outcome] = CALL.exec(request.url ?? "") ?? [];
    const environment = this.environments.get(environmentId);
    if (environment === undefined) {
      response.writeHead(403).end();
      return;
    }
    if (next === "next") {
      environment.onNext((delivery) => deliver(response, delivery));
      return;
    }
    readText(request, (body) => {
      response.writeHead(202, { "content-length": 0 }).end();
      if (requestId === undefined) environment.onInitError(body);
      else if (outcome === "response") environment.onResponse(requestId, body);
      else environment.onError(requestId, body);
    });
  }
}

function deliver(response: ServerResponse, { requestId, functionArn, deadlineMs, body }: Delivery): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "lambda-runtime-aws-request-id": requestId,
    "lambda-runtime-deadline-ms": deadlineMs,
    "lambda-runtime-invoked-function-arn": functionArn,
  });
  response.end(body);
}

function readText(request: IncomingMessage, then: (text: string) => void): void {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    text += chunk;
  });
  request.on("end", () => then(text));
}
