import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connect, type Socket } from "node:net";
import type { EndpointHealthCheck } from "../../topology/topology";
import type { Pace } from "../pace";

export interface LoopbackEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Where a probe's connection leads. */
export interface DialledEndpoint extends LoopbackEndpoint {
  /**
   * Nothing there answers a SYN: the connection is never established, which the ports of this machine cannot show.
   * @default false
   */
  readonly isSilent?: boolean;
}

export type ProbeResult = { readonly isOk: true } | { readonly isOk: false; readonly reason: string };

/** Probes an endpoint once; never rejects. Ends at once, with whatever result, when the signal aborts. */
export type Probe = (check: EndpointHealthCheck, signal: AbortSignal) => Promise<ProbeResult>;

export interface ProbeProps {
  /** Current address of a name; undefined when it has none. */
  readonly resolve: (name: string) => Promise<string | undefined>;
  /** Local port of an address; undefined for an address that refuses connections. */
  readonly dial: (address: string, port: number) => DialledEndpoint | undefined;
  readonly pace: Pace;
}

/** Declared milliseconds for the TCP connection. */
const CONNECT_MS = 4_000;
/** The same for checks of type TCP. */
const TCP_CONNECT_MS = 10_000;
/** Declared milliseconds from the TCP connection to the status; TLS is agreed within them. */
const STATUS_MS = 2_000;
/** Declared milliseconds from the status to the body, where a string is looked for. */
const BODY_MS = 2_000;
/**
 * Declared milliseconds after which a probe of a type has failed at the latest, where every step takes its time.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function longestProbeMs(type: EndpointHealthCheck["type"]): number {
  if (type === "TCP") return TCP_CONNECT_MS;
  return CONNECT_MS + STATUS_MS + (type.endsWith("_STR_MATCH") ? BODY_MS : 0);
}

/** The string must be within so many bytes of the body. */
const SEARCHED_BYTES = 5_120;

/**
 * One request of one health checker.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export function makeProbe({ resolve, dial, pace }: ProbeProps): Probe {
  return async (check, signal) => {
    const { fqdn, port, type } = check;
    let address: string | undefined;
    try {
      // Resolved at every probe: a checker caches no address.
      address = await untilAborted(resolve(fqdn), signal);
    } catch (error) {
      return failure(`${fqdn} does not resolve: ${messageOf(error)}`);
    }
    if (signal.aborted) return ABORTED;
    if (address === undefined) return failure(`${fqdn} has no address`);
    const endpoint = dial(address, port);
    if (endpoint === undefined) return failure(`connection refused by ${address}:${port}`);
    if (endpoint.isSilent === true) return unconnected(type === "TCP" ? TCP_CONNECT_MS : CONNECT_MS, pace, signal);
    return type === "TCP" ? probeTcp(endpoint, pace, signal) : probeHttp(check, endpoint, pace, signal);
  };
}

const failure = (reason: string): ProbeResult => ({ isOk: false, reason });
const tooLate = (what: string, declaredMs: number) => failure(`no ${what} within ${declaredMs / 1_000} s`);
const ABORTED = failure("the checker was stopped");

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
};

function messageOf(error: unknown): string {
  const { code = "", message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  return REASONS[code] ?? message;
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Ends a probe once, and clears its timer and socket. */
class Attempt {
  private timer: NodeJS.Timeout | undefined;
  private isOver = false;
  private readonly abort = () => this.end(ABORTED);

  constructor(
    private readonly connection: Socket | ClientRequest,
    private readonly pace: Pace,
    private readonly signal: AbortSignal,
    private readonly resolve: (result: ProbeResult) => void,
  ) {
    signal.addEventListener("abort", this.abort, { once: true });
    // Stays as long as the connection: a destroyed socket may still report an error.
    connection.on("error", (error) => this.end(failure(messageOf(error))));
  }

  /** @param declaredMs - until the probe has failed, unless it gets further */
  await(what: string, declaredMs: number): void {
    if (this.isOver) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(tooLate(what, declaredMs)), this.pace.wallMs(declaredMs));
  }

  end(result: ProbeResult): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.signal.removeEventListener("abort", this.abort);
    this.connection.destroy();
    this.resolve(result);
  }
}

/** A probe whose SYNs are lost. An endpoint that returns meanwhile is found by the next probe. */
async function unconnected(declaredMs: number, pace: Pace, signal: AbortSignal): Promise<ProbeResult> {
  await pace.wait(declaredMs, signal);
  return signal.aborted ? ABORTED : tooLate("connection", declaredMs);
}

function probeTcp(endpoint: LoopbackEndpoint, pace: Pace, signal: AbortSignal): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect(endpoint);
    const attempt = new Attempt(socket, pace, signal, resolve);
    attempt.await("connection", TCP_CONNECT_MS);
    socket.once("connect", () => attempt.end({ isOk: true }));
  });
}

function probeHttp(
  check: EndpointHealthCheck,
  endpoint: LoopbackEndpoint,
  pace: Pace,
  signal: AbortSignal,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const request = requestOf(check, endpoint);
    const attempt = new Attempt(request, pace, signal, resolve);
    attempt.await("connection", CONNECT_MS);
    // The two seconds run from the TCP connection on, so that a slow TLS handshake takes its time from them.
    request.once("socket", (socket) => socket.once("connect", () => attempt.await("status", STATUS_MS)));
    request.once("response", (response) => {
      const { statusCode = 0 } = response;
      // Redirections count as healthy and are not followed.
      if (statusCode < 200 || statusCode > 399) attempt.end(failure(`status ${statusCode}`));
      else if (!check.type.endsWith("_STR_MATCH")) attempt.end({ isOk: true });
      else {
        attempt.await("body", BODY_MS);
        searchBody(response, check.searchString ?? "", (result) => attempt.end(result));
      }
    });
    request.end();
  });
}

/**
 * The host header carries the port unless it is the scheme's own.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
 */
function requestOf(check: EndpointHealthCheck, endpoint: LoopbackEndpoint): ClientRequest {
  const { type, fqdn, port, resourcePath, enableSni } = check;
  const isTls = type.startsWith("HTTPS");
  const options = {
    ...endpoint,
    agent: false as const, // A new connection for every request.
    method: "GET",
    path: resourcePath.startsWith("/") ? resourcePath : `/${resourcePath}`,
    headers: {
      host: port === (isTls ? 443 : 80) ? fqdn : `${fqdn}:${port}`,
      "user-agent": `Amazon-Route53-Health-Check-Service (ref ${check.id}; region-outage drill)`,
      accept: "*/*",
      connection: "close",
    },
  };
  if (!isTls) return requestHttp(options);
  // Route 53 does not validate certificates, and an empty name keeps SNI out of the ClientHello.
  return requestHttps({ ...options, rejectUnauthorized: false, servername: enableSni ? fqdn : "" });
}

function searchBody(response: IncomingMessage, searchString: string, end: (result: ProbeResult) => void): void {
  const chunks: Buffer[] = [];
  let received = 0;
  const search = () => {
    const isFound = Buffer.concat(chunks).subarray(0, SEARCHED_BYTES).includes(searchString);
    end(isFound ? { isOk: true } : failure(`the body's first ${SEARCHED_BYTES} bytes lack ${searchString}`));
  };
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    if (received >= SEARCHED_BYTES) search();
  });
  response.on("end", search);
  response.on("error", (error) => end(failure(messageOf(error))));
}
