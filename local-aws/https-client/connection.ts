import { Agent, request } from "node:https";
import type { TLSSocket } from "node:tls";

export interface HttpAnswer {
  readonly statusCode: number;
  /** Without parameters, in lower case; empty when there is none. */
  readonly contentType: string;
  /** By lower-case name; several of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** No answer. A request that was sent may have had an effect. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";

  constructor(
    message: string,
    /** The request may have reached the service. */
    readonly isIndeterminate: boolean,
  ) {
    super(message);
  }
}

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
}

/** One client's connections to one address, verified as a browser does: certificate, name and issuer. */
export class Connection {
  private readonly agent: Agent;

  constructor(
    private readonly target: ConnectionTarget,
    private readonly serverName: string,
    caPem: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ca: caPem, servername: serverName });
  }

  /** @param timeoutWallMs - for the whole request, connecting included */
  send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    timeoutWallMs: number,
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      let isSent = false;
      const { agent, serverName } = this;
      const outgoing = request(
        {
          ...this.target,
          method,
          path,
          agent,
          servername: serverName,
          headers: {
            host: serverName,
            ...headers,
            ...(body === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () => {
            clearTimeout(timer);
            const [contentType = ""] = (incoming.headers["content-type"] ?? "").toLowerCase().split(";");
            const body = Buffer.concat(chunks).toString("utf8");
            const headers = Object.fromEntries(
              Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")]),
            );
            resolve({ statusCode: incoming.statusCode ?? 0, contentType: contentType.trim(), headers, body });
          });
          incoming.on("error", (error) => outgoing.destroy(error));
        },
      );
      const timer = setTimeout(() => outgoing.destroy(new Error("no answer in time")), timeoutWallMs);
      outgoing.on("socket", (socket) => {
        // A request on a connection that stands is on its way at once; on a new one, once TLS has been agreed.
        if (outgoing.reusedSocket) isSent = true;
        else
          (socket as TLSSocket).once("secureConnect", () => {
            isSent = true;
          });
      });
      outgoing.on("error", (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        reject(new NoAnswerError(error.code ?? error.message, isSent));
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
