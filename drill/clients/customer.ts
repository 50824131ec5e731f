import { randomUUID } from "node:crypto";
import { type Connection, type HttpAnswer, NoAnswerError } from "../../local-aws/https-client/connection";
import type { Pace } from "../../local-aws/pace";
import type { Random } from "../../local-aws/seeded-random";
import type { RequestOutcome, RequestRecord } from "../measure/history";

export interface Connected {
  readonly region: string;
  readonly connection: Connection;
}

/** How a client finds the service. */
export interface Directory {
  /** Address that the name leads to now, as the client's resolver tells; undefined when it leads nowhere. */
  resolve(name: string): Promise<string | undefined>;
  /** A connection to an address, and the address's region; undefined for an address of nobody. */
  connect(address: string, serverName: string): Connected | undefined;
}

export interface CustomerProps {
  readonly clientId: number;
  readonly apiName: string;
  /** False for a client that keeps the address it once got. */
  readonly honoursTtl: boolean;
  /** Declared milliseconds after which it gives a request up. */
  readonly requestTimeoutMs: number;
  /** Whom the service takes it for: the token's `sub`. */
  readonly userId: string;
  readonly token: string;
  readonly directory: Directory;
  readonly pace: Pace;
  readonly random: Random;
  readonly onRequest: (record: RequestRecord) => void;
}

/** What one request is. */
export interface Operation {
  /** As the API declares it: `PUT /cart/items/{sku}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Declared milliseconds after which a client gives a request up, where nothing else is declared. */
export const USUAL_REQUEST_TIMEOUT_MS = 5_000;
/** Declared milliseconds for which a pinning client keeps an address, whatever becomes of it. */
const PINNED_FOR_MS = 600_000;
/** Declared milliseconds between two attempts. */
const RETRY_DELAY_MS = 1_000;

/** Refusals that say the service works, though not what the customer hoped for. */
const REFUSALS = new Set([404, 409, 422]);

/** A refusal counts only in the service's own words (RFC 9457): API Gateway says 404, too, of a route that a region does not have. */
function isAnswered({ statusCode, contentType }: HttpAnswer): boolean {
  return statusCode < 400 || (REFUSALS.has(statusCode) && contentType === "application/problem+json");
}

/** One client of the API: resolves its name, keeps a connection, verifies the certificate, repeats what got no answer. */
export class Customer {
  /** Requests that got away and were not acknowledged: each may have had an effect. */
  unacknowledged = 0;
  private connected: (Connected & { readonly address: string }) | undefined;
  private pinned: { readonly address: string; readonly untilMs: number } | undefined;

  constructor(readonly props: CustomerProps) {}

  /** Sends until there is an answer, or the drill is over. A repeat is the same request, idempotency key included. */
  async persist(operation: Operation, signal: AbortSignal): Promise<HttpAnswer | undefined> {
    while (!signal.aborted) {
      const answer = await this.attempt(operation);
      if (answer !== undefined) return answer;
      await this.props.pace.wait(RETRY_DELAY_MS * (0.5 + this.props.random()), signal);
    }
    return undefined;
  }

  /** The region that the last connection led to. */
  get region(): string | undefined {
    return this.connected?.region;
  }

  close(): void {
    this.connected?.connection.close();
  }

  /** One request; undefined when it was not acknowledged. */
  private async attempt(operation: Operation): Promise<HttpAnswer | undefined> {
    const { pace, onRequest, clientId, honoursTtl } = this.props;
    const startedAtMs = pace.nowMs();
    const record = (outcome: RequestOutcome, more: Partial<RequestRecord>) =>
      onRequest({
        startedAtMs,
        endedAtMs: pace.nowMs(),
        clientId,
        honoursTtl,
        operation: operation.name,
        outcome,
        ...more,
      });
    const connected = await this.connect();
    if (connected === undefined) {
      record("failed", { reason: `${this.props.apiName} leads nowhere` });
      return undefined;
    }
    const { region, connection } = connected;
    try {
      const answer = await this.send(connection, operation);
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
        ...headers,
      },
      body === undefined ? undefined : JSON.stringify(body),
      this.props.pace.wallMs(this.props.requestTimeoutMs),
    );
  }

  private async connect(): Promise<Connected | undefined> {
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
    const { directory, apiName, honoursTtl, pace } = this.props;
    if (!honoursTtl && this.pinned !== undefined && pace.nowMs() < this.pinned.untilMs) return this.pinned.address;
    const address = await directory.resolve(apiName);
    if (!honoursTtl && address !== undefined) this.pinned = { address, untilMs: pace.nowMs() + PINNED_FOR_MS };
    return address;
  }
}
