import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Serves the requests of one kind; a request without an answer is left hanging, or its socket is destroyed. */
export type Passage = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface FrontDoorProps {
  /** Port on 127.0.0.1; 0 for any that is free. */
  readonly port: number;
  /** `/https/<host><path>` */
  readonly https: Passage;
  /** `/dns-query` */
  readonly dns: Passage;
  /** Everything else: signed calls of AWS's services. */
  readonly aws: Passage;
}

/** The requested port is not available. */
export class OperatorPortError extends Error {
  override readonly name = "OperatorPortError";
}

/**
 * The one address for operators of a drill, and for functions that call names of the deployment. It takes requests to port 443 of a host,
 * DNS queries, and calls of AWS endpoints.
 */
export class FrontDoor {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly props: FrontDoorProps) {}

  /**
   * @returns its URL, without a final slash
   * @throws {OperatorPortError} if the port is taken or not ours to take
   */
  async start(): Promise<string> {
    const { port } = this.props;
    const server = createServer((request, response) => void this.serve(request, response));
    server.requestTimeout = 0; // Who hangs, hangs as long as the caller likes.
    server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new OperatorPortError(
        `--operator-port: port ${port} of 127.0.0.1 must be free, got ${code}; name another one, or none for any that is free`,
        { cause },
      );
    }
    this.server = server;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => response.destroy()); // The caller has gone.
    try {
      await this.passageFor(request.url ?? "/")(request, response);
    } catch {
      response.destroy(); // Nothing is behind the door yet, or any more.
    }
  }

  private passageFor(path: string): Passage {
    const { https, dns, aws } = this.props;
    if (path.startsWith("/https/")) return https;
    return /^\/dns-query(?:\?|$)/.test(path) ? dns : aws;
  }
}
