import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export type Responder = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

export interface LocalServer {
  readonly endpoint: string;
  readonly requests: ReceivedRequest[];
  /** Tests set it anew for the answers that they need. */
  respond: Responder;
  stop(): Promise<void>;
}

export function localEndpoint(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const running: LocalServer[] = [];

/** For `afterEach` or `afterAll`: a test that fails before it stops its server would otherwise keep Jest waiting. */
export async function stopServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.stop()));
}

export async function startServer(respond: Responder): Promise<LocalServer> {
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = { headers: incoming.headers, body: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
    local.requests.push(request);
    await local.respond(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const local: LocalServer = {
    endpoint: localEndpoint(server),
    requests: [],
    respond,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  running.push(local);
  return local;
}

export function answer(response: ServerResponse, statusCode: number, body: unknown = {}): void {
  response.writeHead(statusCode, { "content-type": "application/x-amz-json-1.0" });
  response.end(JSON.stringify(body));
}

/** An endpoint where nobody listens. */
export async function refusingEndpoint(): Promise<string> {
  const server = await startServer(() => {});
  await server.stop();
  return server.endpoint;
}

export const md5 = (text: string) => createHash("md5").update(text).digest("hex");

/** Speaks SQS's JSON protocol as far as sending goes; the SDK verifies the checksums. */
export const acceptMessages: Responder = ({ body }, response) => {
  const entries = body["Entries"] as Array<{ Id: string; MessageBody: string }> | undefined;
  if (entries === undefined) {
    answer(response, 200, { MessageId: "1", MD5OfMessageBody: md5(String(body["MessageBody"])) });
    return;
  }
  const Successful = entries.map((entry) => ({
    Id: entry.Id,
    MessageId: entry.Id,
    MD5OfMessageBody: md5(entry.MessageBody),
  }));
  answer(response, 200, { Successful });
};
