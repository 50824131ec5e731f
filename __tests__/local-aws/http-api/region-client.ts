import { Agent, type RequestOptions, request } from "node:https";

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** False for the first request of a connection. */
  readonly isOnKnownConnection: boolean;
}

export interface Ask extends RequestOptions {
  /** Sent as SNI, and as `Host` unless the headers have another. */
  readonly name: string;
  readonly body?: string;
}

/** A client on one connection, which trusts one authority. */
export class RegionClient {
  private readonly agent: Agent;

  constructor(
    private readonly port: number,
    ca: string | undefined,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ...(ca === undefined ? {} : { ca }) });
  }

  /** Fails with the error's code. */
  ask({ name, body, headers, ...options }: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { agent, port } = this;
      const all = { host: name, ...(headers as Record<string, string>) };
      const outgoing = request(
        { host: "127.0.0.1", port, agent, servername: name, headers: all, ...options },
        (incoming) => {
          let text = "";
          incoming.setEncoding("utf8");
          incoming.on("data", (chunk: string) => {
            text += chunk;
          });
          incoming.on("end", () => {
            const { statusCode = 0, headers } = incoming;
            resolve({ statusCode, headers, body: text, isOnKnownConnection: outgoing.reusedSocket });
          });
        },
      );
      outgoing.on("error", (error: NodeJS.ErrnoException) => reject(error.code ?? error.message));
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
