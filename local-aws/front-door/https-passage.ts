import type { IncomingMessage, ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Passage } from "./front-door";

export interface HttpsPassageProps {
  /** Current DNS answer, without any cache. */
  readonly resolve: (host: string) => Promise<string | undefined>;
  /** Where an address of the drill is on this machine. */
  readonly locate: (address: string) => { readonly host: string; readonly port: number } | undefined;
  /** Certificates must be of this authority. */
  readonly caPem: () => string;
  /** Called with the reason why a caller got no answer. */
  readonly note: (text: string) => void;
}

const TARGET = /^\/https\/([^/?]+)(.*)$/s;
/** Headers that are passed on, of a request and of an answer. */
const REQUEST_HEADERS = ["accept", "authorization", "content-type", "content-length", "user-agent"] as const;
const ANSWER_HEADERS = ["content-type", "content-length", "location", "retry-after"] as const;

/**
 * Calls `https://<host><path>` as anybody outside would: by DNS, and with TLS verified, on a connection of its own. Where a client would get
 * no answer, the caller gets none: it hangs until it gives up, or finds its connection closed.
 */
export function httpsPassage({ resolve, locate, caPem, note }: HttpsPassageProps): Passage {
  return async (request, response) => {
    const [, host = "", path = ""] = TARGET.exec(request.url ?? "") ?? [];
    const leave = (reason: string) => {
      if (!response.destroyed) note(`https://${host}${path}: ${reason}`);
      response.destroy();
    };
    const address = await resolve(host);
    const target = address === undefined ? undefined : locate(address);
    if (target === undefined)
      return leave(address === undefined ? "the name leads nowhere" : `nobody is at ${address}`);
    const outgoing = httpsRequest(
      {
        ...target,
        servername: host,
        ca: caPem(),
        agent: false,
        method: request.method,
        path: path.startsWith("/") ? path : `/${path}`,
        headers: { host, ...picked(request, REQUEST_HEADERS) },
      },
      (incoming) => pass(incoming, response, leave),
    );
    outgoing.on("error", (error: NodeJS.ErrnoException) => leave(error.code ?? error.message));
    response.on("close", () => outgoing.destroy());
    request.pipe(outgoing);
  };
}

function pass(incoming: IncomingMessage, response: ServerResponse, leave: (reason: string) => void): void {
  incoming.on("error", (error) => leave(error.message));
  response.writeHead(incoming.statusCode ?? 502, { ...picked(incoming, ANSWER_HEADERS), connection: "close" });
  incoming.pipe(response);
}

function picked({ headers }: IncomingMessage, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]] as const] : [])),
  );
}
