import { randomUUID } from "node:crypto";
import { type Connection, type HttpAnswer, NoAnswerError } from "../../local-aws/https-client/connection";
import type { Pace } from "../../local-aws/pace";
import type { Random } from "../../local-aws/seeded-random";
import { BROWSER_CACHE_MS, type ClientKind } from "../measure/client-kinds";
import type { RequestOutcome, RequestRecord } from "../measure/history";

export interface Connected {
  readonly region: string;
  readonly connection: Connection;
}

/** How a client finds the service. */
export interface Directory {
  /** Address that the client's resolver has for the name; undefined when the name does not resolve. */
  resolve(name: string): Promise<string | undefined>;
  /** A connection to an address, and the address's region; undefined for an address of nobody. */
  connect(address: string, serverName: string): Connected | undefined;
}

export interface CustomerProps {
  readonly clientId: number;
  readonly apiName: string;
  readonly kind: ClientKind;
  /** Time-out of a request in declared milliseconds. */
  readonly requestTimeoutMs: number;
  /** User of the service: the token's `sub`. */
  readonly userId: string;
  readonly token: string;
  readonly directory: Directory;
  readonly pace: Pace;
  readonly random: Random;
  /** A price that no other line of the drill has, in the currency's minor unit: a line that is sold twice is known by it. */
  readonly newPriceMinor: () => number;
  readonly onRequest: (record: RequestRecord) => void;
}

/** One kind of request. */
export interface Operation {
  /** As the API declares it: `PUT /cart/items/{sku}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Default time-out of a request in declared milliseconds. */
export const USUAL_REQUEST_TIMEOUT_MS = 5_000;
/** Declared milliseconds for which a client keeps the resolver's answer, even if the address does not respond. */
const KEPT_FOR_MS: Readonly<Record<ClientKind, number>> = {
  ttl: 0,
  browser: BROWSER_CACHE_MS,
  pooled: 0,
  pinned: 600_000,
};
/** Declared milliseconds between two attempts of a request. */
const RETRY_DELAY_MS = 1_000;

const RECEIPT_HEADER = "cart-receipt";

/** Refusals that show a working service. */
const REFUSALS = new Set([404, 409, 422]);

/** A refusal counts as an answer only as a problem document (RFC 9457). API Gateway also answers 404, for a route that a region lacks. */
function isAnswered({ statusCode, contentType }: HttpAnswer): boolean {
  return statusCode < 400 || (REFUSALS.has(statusCode) && contentType === "application/problem+json");
}

/**
 * One client of the API. It resolves the name, keeps a connection, verifies the certificate, and retries a request without an answer.
 * A new address ends its connection, unless the client is `pooled`: that one resolves again only when its connection has failed.
 */
export class Customer {
  /** Requests that were sent and not acknowledged. Each may have had an effect. */
  unacknowledged = 0;
  /** Of the latest checkout, as the API's clients are to keep it and send it with what follows. */
  private cartReceipt: string | undefined;
  private connected: (Connected & { readonly address: string }) | undefined;
  private kept: { readonly address: string; readonly untilMs: number } | undefined;
  /** Whether the last request on the connection was answered, with whatever status. */
  private isConnectionAlive = false;

  constructor(readonly props: CustomerProps) {}

  /** Sends a request until it is answered or the drill ends. A retry is the same request with the same idempotency key. */
  async persist(
    operation: Operation,
    signal: AbortSignal,
    onAttempt: (record: RequestRecord) => void = () => {},
  ): Promise<HttpAnswer | undefined> {
    while (!signal.aborted) {
      const answer = await this.attempt(operation, onAttempt);
      if (answer !== undefined) return answer;
      await this.props.pace.wait(RETRY_DELAY_MS * (0.5 + this.props.random()), signal);
    }
    return undefined;
  }

  /** Region of the last connection. */
  get region(): string | undefined {
    return this.connected?.region;
  }

  close(): void {
    this.connected?.connection.close();
  }

  /** Sends one request. @returns undefined when it was not acknowledged */
  private async attempt(
    operation: Operation,
    onAttempt: (record: RequestRecord) => void,
  ): Promise<HttpAnswer | undefined> {
    const { pace, onRequest, clientId, kind } = this.props;
    const startedAtMs = pace.nowMs();
    const record = (outcome: RequestOutcome, more: Partial<RequestRecord>) => {
      const times = { startedAtMs, endedAtMs: pace.nowMs() };
      const request = { ...times, clientId, clientKind: kind, operation: operation.name, outcome, ...more };
      onRequest(request);
      onAttempt(request);
    };
    const connected = await this.connect();
    if (connected === undefined) {
      record("failed", { reason: `${this.props.apiName} does not resolve` });
      return undefined;
    }
    const { region, connection } = connected;
    try {
      const answer = await this.send(connection, operation);
      this.cartReceipt = answer.headers[RECEIPT_HEADER] ?? this.cartReceipt;
      this.isConnectionAlive = true;
      const hasAnswered = isAnswered(answer);
      if (!hasAnswered) this.unacknowledged += 1;
      record(hasAnswered ? "acknowledged" : "failed", {
        region,
        statusCode: answer.statusCode,
        ...(hasAnswered ? {} : { reason: `status ${answer.statusCode}` }),
      });
      return hasAnswered ? answer : undefined;
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      this.isConnectionAlive = false;
      if (error.isIndeterminate) this.unacknowledged += 1;
      record(error.isIndeterminate ? "indeterminate" : "failed", { region, reason: error.message });
      return undefined;
    }
  }

  private send(connection: Connection, { method, path, headers, body }: Operation): Promise<HttpAnswer> {
    const { token, clientId } = this.props;
    return connection.send(
      method,
      path,
      {
        authorization: `Bearer ${token}`,
        "x-correlation-id": `drill-${clientId}-${randomUUID().slice(0, 8)}`,
        ...(this.cartReceipt === undefined ? {} : { [RECEIPT_HEADER]: this.cartReceipt }),
        ...headers,
      },
      body === undefined ? undefined : JSON.stringify(body),
      this.props.pace.wallMs(this.props.requestTimeoutMs),
    );
  }

  private async connect(): Promise<Connected | undefined> {
    if (this.props.kind === "pooled" && this.isConnectionAlive) return this.connected;
    const address = await this.address();
    if (address === undefined) return undefined;
    if (this.connected?.address !== address) {
      const connected = this.props.directory.connect(address, this.props.apiName);
      if (connected === undefined) return undefined;
      this.connected?.connection.close();
      this.connected = { address, ...connected };
    }
    return this.connected;
  }

  private async address(): Promise<string | undefined> {
    const { directory, apiName, kind, pace } = this.props;
    if (this.kept !== undefined && pace.nowMs() < this.kept.untilMs) return this.kept.address;
    const address = await directory.resolve(apiName);
    this.kept = address === undefined ? undefined : { address, untilMs: pace.nowMs() + KEPT_FOR_MS[kind] };
    return address;
  }
}
