import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface ChargeRecord {
  readonly idempotencyKey: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * The payment vendor, outside of both regions: a ledger that never forgets an idempotency key, and answers a repeat with what it decided the
 * first time. Each entry of `charges` is money that moved.
 */
export class Vendor {
  readonly charges: ChargeRecord[] = [];
  repeats = 0;
  private isAway = false;
  private readonly ledger = new Map<string, ChargeRecord>();
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(private readonly key: string) {}

  async start(): Promise<string> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
    this.server.on("connection", (socket) => {
      if (this.isAway) return void socket.destroy();
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/charges`;
  }

  goAway(): void {
    this.isAway = true;
    for (const socket of this.sockets) socket.destroy();
  }

  comeBack(): void {
    this.isAway = false;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const { server } = this;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The caller has gone.
    }
    if (request.headers.authorization !== `Bearer ${this.key}`) return void response.writeHead(401).end();
    const idempotencyKey = String(request.headers["idempotency-key"] ?? "");
    const { orderId, amountMinor, currency } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const charge = this.decide({ idempotencyKey, orderId, amountMinor, currency });
    const body = JSON.stringify({ amountMinor: charge.amountMinor, currency: charge.currency });
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body);
  }

  /** Without a key, each request is a new charge. */
  private decide(charge: ChargeRecord): ChargeRecord {
    const known = charge.idempotencyKey === "" ? undefined : this.ledger.get(charge.idempotencyKey);
    if (known !== undefined) {
      this.repeats += 1;
      return known;
    }
    this.ledger.set(charge.idempotencyKey, charge);
    this.charges.push(charge);
    return charge;
  }
}
