import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Authority } from "../certificates/authority";
import { INTERNAL_SERVER_ERROR, SERVICE_UNAVAILABLE, type WireAnswer } from "./answer";
import { Gateway, type GatewayProps } from "./gateway";

export interface RegionListenerProps extends GatewayProps {
  readonly authority: Authority;
  /**
   * Decides which requests fail under `failShare`.
   * @default Math.random
   */
  readonly random?: () => number;
}

/**
 * - `blackhole`: connections hang without a byte in return. What is sent meanwhile stays lost; clients only notice by their
 *   time-outs.
 * - `refuse`: connections are reset at once.
 * - `failShare`: from 0 to 1, the share of requests that is answered 503.
 */
export type ListenerFault = "none" | "blackhole" | "refuse" | { readonly failShare: number };

/** Listener of a region's HTTP APIs: one HTTPS port on loopback that presents the certificate of the requested name. */
export class RegionListener {
  private readonly gateway: Gateway;
  private fault: ListenerFault = "none";
  /** TCP connections below TLS; a fault acts on them. */
  private readonly sockets = new Set<Socket>();
  private tcp: Server | undefined;
  private https: HttpsServer | undefined;

  constructor(private readonly props: RegionListenerProps) {
    this.gateway = new Gateway(props);
  }

  /** @returns the port on 127.0.0.1 */
  async start(): Promise<number> {
    const { authority, region } = this.props;
    const contexts = await this.contexts();
    // An undeclared name gets the service's own certificate, as at AWS; it does not match the name.
    const own = await authority.issue([`*.execute-api.${region.name}.amazonaws.com`]);
    const https = createHttpsServer(
      { ...own, SNICallback: (name, done) => done(null, contexts.get(name.toLowerCase())), keepAliveTimeout: 60_000 },
      (request, response) => void this.serve(request, response),
    );
    https.on("tlsClientError", () => undefined); // The client's affair.
    this.https = https;
    this.tcp = createTcpServer((socket) => this.accept(socket));
    this.tcp.listen(0, "127.0.0.1", 1024);
    await once(this.tcp, "listening");
    return (this.tcp.address() as AddressInfo).port;
  }

  /** Whether no connection can be established. The port itself still accepts them here, and says nothing. */
  get isSilent(): boolean {
    return this.fault === "blackhole";
  }

  setFault(fault: ListenerFault): void {
    this.fault = fault;
    if (fault === "refuse") for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const { tcp, https } = this;
    for (const socket of this.sockets) socket.destroy();
    https?.close();
    if (tcp !== undefined) await new Promise((resolve) => tcp.close(resolve));
  }

  private async contexts(): Promise<ReadonlyMap<string, SecureContext>> {
    const { authority, region } = this.props;
    const domains = region.apis.flatMap((api) => api.domains);
    const issued = domains.map(async ({ domainName, certificateNames }) => {
      const certificate = await authority.issue(certificateNames);
      return [domainName.toLowerCase(), createSecureContext(certificate)] as const;
    });
    return new Map(await Promise.all(issued));
  }

  /** Applies the fault to a connection before the TLS handshake. */
  private accept(socket: Socket): void {
    this.track(socket);
    if (this.fault === "refuse") socket.resetAndDestroy();
    else if (this.fault === "blackhole") {
      // Read and discarded, so that the end of the connection is noticed.
      socket.resume();
    } else {
      socket.setNoDelay(true);
      this.https?.emit("connection", socket);
    }
  }

  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.sockets.delete(socket));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { fault } = this;
    if (body === undefined || fault === "blackhole") return;
    const answer =
      typeof fault === "object" && (this.props.random ?? Math.random)() < fault.failShare
        ? SERVICE_UNAVAILABLE
        : await this.answer(request, body);
    // A region that was lost meanwhile does not answer.
    if (this.isSilent || response.destroyed) return;
    send(response, answer);
  }

  private async answer(request: IncomingMessage, body: Buffer): Promise<WireAnswer> {
    const { method = "", url = "", rawHeaders, headers, socket } = request;
    const sourceIp = socket.remoteAddress ?? "";
    try {
      return await this.gateway.answer(headers.host, { method, url, rawHeaders, body, sourceIp });
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
      return INTERNAL_SERVER_ERROR;
    }
  }
}

const NOTHING = Buffer.alloc(0);

/** @returns undefined when the client closed the connection early */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(chunks.length === 0 ? NOTHING : Buffer.concat(chunks)));
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

function send(response: ServerResponse, { statusCode, headers, cookies = [], body }: WireAnswer): void {
  response.writeHead(statusCode, {
    ...headers,
    ...(cookies.length === 0 ? {} : { "set-cookie": [...cookies] }),
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}
