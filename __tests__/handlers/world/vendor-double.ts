import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How the vendor treats the requests that reach it. */
export type VendorMood =
  | "answers"
  | "declines"
  /** Fails before any money moves. */
  | "fails"
  /** Does nothing and never answers. */
  | "hangs"
  /** Moves the money, then fails: the caller cannot know. */
  | "charges and fails"
  /** Moves the money and never answers. */
  | "charges and hangs"
  /** Writes its answer to the connection twice. */
  | "answers twice";

export interface MovedMoney {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

interface LedgerEntry extends MovedMoney {
  readonly statusCode: 200 | 402;
}

/**
 * A payment vendor on a real socket. Its ledger knows idempotency keys and never forgets one: whoever asks again under a key is told what
 * was decided the first time, whatever else the request says. It can go away altogether and come back under the same address.
 */
export class VendorDouble {
  mood: VendorMood = "answers";
  /** Taken away, every request is a new charge. */
  honoursIdempotencyKeys = true;
  /** Each time that money moved. */
  readonly moved: MovedMoney[] = [];
  requests = 0;
  private readonly ledger = new Map<string, LedgerEntry>();
  private server: Server | undefined;
  private port = 0;

  /** Whether a request now gets no answer, however long its sender waits. */
  get isHanging(): boolean {
    return this.mood === "hangs" || this.mood === "charges and hangs";
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/charges`;
  }

  /** Starts listening, the second time at the same port. */
  async arrive(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops listening and drops whoever is connected: connections are refused from now on. */
  async goAway(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { mood } = this;
    if (mood === "hangs") return;
    if (mood === "fails") return void response.writeHead(503).end();
    const entry = this.decide(request, JSON.parse(Buffer.concat(chunks).toString("utf8")));
    if (mood === "charges and hangs") return;
    if (mood === "charges and fails") return void response.writeHead(500).end();
    const { statusCode, amountMinor, currency } = entry;
    const body = JSON.stringify({ amountMinor, currency });
    response.writeHead(statusCode, { "content-type": "application/json", "content-length": body.length });
    const { socket } = response;
    response.end(body, () => {
      if (mood === "answers twice") socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  }

  private decide({ headers }: IncomingMessage, charge: MovedMoney): LedgerEntry {
    const key = this.honoursIdempotencyKeys ? headers["idempotency-key"] : undefined;
    const known = key === undefined ? undefined : this.ledger.get(String(key));
    if (known !== undefined) return known;
    const entry: LedgerEntry = { ...charge, statusCode: this.mood === "declines" ? 402 : 200 };
    if (key !== undefined) this.ledger.set(String(key), entry);
    if (entry.statusCode === 200) this.moved.push(charge);
    return entry;
  }
}
