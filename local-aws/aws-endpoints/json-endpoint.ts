import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { isAllowed, type RequestContext } from "../../topology/policy-evaluation";
import type { Caller, Callers } from "./permissions";
import { signedRegion } from "./signed-region";

/** A call of a service's JSON protocol: the operation is in a header, the parameters in the body. */
export interface ServiceCall {
  /** `PutItem`, `SendMessage`, ... */
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface ServiceAnswer {
  readonly statusCode: number;
  readonly body: string | Buffer;
}

/** Fails a call with the service's own error code. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";

  constructor(
    readonly type: string,
    message: string,
    readonly statusCode = 400,
  ) {
    super(message);
  }
}

/** What differs between the endpoints of two services. */
export interface ServiceProtocol {
  /** As IAM writes its actions: `dynamodb`, `sqs`, `cloudwatch`. */
  readonly service: string;
  /** Region that signatures must name. */
  readonly region: string;
  /** The resource that an operation with these parameters is about; each must be allowed. */
  resourcesOf(call: ServiceCall): readonly string[];
  /** Values for the conditions of policies; none for most services. */
  contextOf?(call: ServiceCall): RequestContext;
  handle(call: ServiceCall): Promise<ServiceAnswer | object>;
}

export type EndpointFault = "none" | "refuse" | "hang";

/**
 * A region's endpoint of one service, on loopback. Each call is let through only if the calling function's role allows it on that
 * resource of this region: an ARN of another region is another resource.
 */
export class JsonEndpoint {
  fault: EndpointFault = "none";
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly protocol: ServiceProtocol,
    private readonly callers: Callers,
    /** Called for each denied call. */
    private readonly onDenied: (caller: Caller | undefined, action: string, resource: string) => void,
  ) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
    this.server.on("connection", (socket) => {
      if (this.fault === "refuse") return void socket.destroy();
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the fault of the endpoint: calls hang, are refused, or are answered again. */
  setFault(fault: EndpointFault): void {
    this.fault = fault;
    if (fault === "refuse") for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The caller has gone.
    }
    if (this.fault !== "none") return; // It hangs until the caller's time-out, or until the fault's end tells nobody.
    const { statusCode, body } = await this.answerTo(request, Buffer.concat(chunks));
    if (this.fault !== "none" || response.destroyed) return;
    response.writeHead(statusCode, {
      "content-type": "application/x-amz-json-1.0",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  }

  private async answerTo(request: IncomingMessage, body: Buffer): Promise<ServiceAnswer> {
    try {
      const operation =
        String(request.headers["x-amz-target"] ?? "")
          .split(".")
          .at(-1) ?? "";
      const { headers } = request;
      // The SDK compresses large calls of some services.
      const text = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const call = { operation, parameters: JSON.parse(text.toString("utf8") || "{}"), headers, body: text };
      this.refuseSignaturesOfOtherRegions(call);
      this.refuseUnlessAllowed(call);
      const answer = await this.protocol.handle(call);
      return "statusCode" in answer && "body" in answer
        ? (answer as ServiceAnswer)
        : { statusCode: 200, body: JSON.stringify(answer) };
    } catch (error) {
      const known = error instanceof ServiceError ? error : new ServiceError("InternalFailure", String(error), 500);
      return { statusCode: known.statusCode, body: JSON.stringify({ __type: known.type, message: known.message }) };
    }
  }

  /** A call without a signature has an unknown caller and is denied. */
  private refuseSignaturesOfOtherRegions({ headers }: ServiceCall): void {
    const { region } = this.protocol;
    const signedFor = signedRegion(headers.authorization);
    if (signedFor === undefined || signedFor === region) return;
    throw new ServiceError(
      "com.amazon.coral.service#InvalidSignatureException",
      `Credential should be scoped to a valid region, not '${signedFor}'.`,
    );
  }

  private refuseUnlessAllowed(call: ServiceCall): void {
    const caller = this.callers.callerOf(call.headers.authorization);
    const action = `${this.protocol.service}:${call.operation.replace(/Batch$/, "")}`;
    const context = this.protocol.contextOf?.(call);
    for (const resource of this.protocol.resourcesOf(call)) {
      if (caller !== undefined && isAllowed(caller.statements, action, resource, context)) continue;
      this.onDenied(caller, action, resource);
      const who = caller?.name ?? "an unknown caller";
      throw new ServiceError(
        "AccessDeniedException",
        `${who} is not authorized to perform: ${action} on resource: ${resource}`,
      );
    }
  }
}
