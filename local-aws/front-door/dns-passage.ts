import type { IncomingMessage, ServerResponse } from "node:http";
import type { Passage } from "./front-door";

const MEDIA_TYPE = "application/dns-message";
/** RFC 8484, 6: what fits a DNS message. */
const MAXIMUM_BYTES = 65_535;

/**
 * DNS over HTTPS, without the TLS (RFC 8484): the name servers' own answers, at this moment.
 * @param answer - undefined for what is no query
 */
export function dnsPassage(answer: (packet: Buffer) => Buffer | undefined): Passage {
  return async (request, response) => {
    const { method, headers } = request;
    if (method !== "GET" && method !== "POST") return refuse(response, 405, `expected GET or POST, got ${method}`);
    if (method === "POST" && headers["content-type"] !== MEDIA_TYPE) {
      return refuse(response, 415, `expected content-type ${MEDIA_TYPE}, got ${headers["content-type"] ?? "none"}`);
    }
    const packet = method === "GET" ? parameterOf(request) : await bodyOf(request);
    const reply = packet === undefined ? undefined : answer(packet);
    if (reply === undefined) {
      return refuse(response, 400, "expected a DNS query: ?dns=<base64url> with GET, the packet itself with POST");
    }
    response.writeHead(200, {
      "content-type": MEDIA_TYPE,
      "content-length": reply.length,
      "cache-control": "no-store",
    });
    response.end(reply);
  };
}

function parameterOf({ url = "" }: IncomingMessage): Buffer | undefined {
  const text = new URL(url, "http://127.0.0.1").searchParams.get("dns") ?? "";
  return /^[\w-]+$/.test(text) ? Buffer.from(text, "base64url") : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined; // The caller has gone.
  }
  const body = Buffer.concat(chunks);
  return body.length <= MAXIMUM_BYTES ? body : undefined;
}

function refuse(response: ServerResponse, statusCode: number, message: string): void {
  response.writeHead(statusCode, { "content-type": "text/plain" }).end(`dns-query: ${message}\n`);
}
