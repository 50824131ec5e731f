import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import { Readable } from "node:stream";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type RequestHandler = Extract<NonNullable<DynamoDBClientConfig["requestHandler"]>, { handle: unknown }>;

/** An answer as the server writes it; it collects what `http.ServerResponse` would send. */
class CollectedResponse extends EventEmitter {
  statusCode = 200;
  readonly headers: Record<string, string> = {};

  constructor(private readonly onEnd: (body: string) => void) {
    super();
  }

  setHeader(name: string, value: unknown): void {
    this.headers[name.toLowerCase()] = String(value);
  }

  end(body = ""): void {
    this.onEnd(body);
  }
}

/**
 * Hands an SDK client's requests to a server in this process, without a socket. Signing, serialisation and the server's own validation stay.
 * Random histories make some hundred thousand requests; sockets would take a third of their time.
 */
export function inProcessTransport(server: Server): RequestHandler {
  return {
    handle: ({ method, path, headers, body }: { method: string; path: string; headers: object; body?: Uint8Array }) =>
      new Promise((resolve) => {
        const request = Object.assign(new EventEmitter(), { method, url: path, headers: lowerCased(headers) });
        const response = new CollectedResponse((text) =>
          resolve({
            response: {
              statusCode: response.statusCode,
              headers: response.headers,
              body: Readable.from([Buffer.from(text)]),
            },
          }),
        );
        server.emit("request", request, response);
        if (body !== undefined) request.emit("data", Buffer.from(body.buffer, body.byteOffset, body.byteLength));
        request.emit("end");
      }),
    metadata: { handlerProtocol: "http/1.1" },
    destroy: () => {},
  } as unknown as RequestHandler;
}

const lowerCased = (headers: object) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
