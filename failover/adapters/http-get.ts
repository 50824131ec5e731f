import http from "node:http";
import https from "node:https";
import { networkFailure } from "./failures";

export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly tookMs: number;
}

/** A body that is longer than anything we ask for is not read to its end. */
const MAXIMUM_BODY_BYTES = 65_536;

/**
 * One GET over a connection of its own.
 * @throws {QuestionError} when no answer comes
 */
export function httpGet(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const startedAtMs = performance.now();
  const { get } = url.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject(networkFailure(`GET ${url}`, error));
    const request = get(url, { agent: false, headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      let received = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received > MAXIMUM_BODY_BYTES)
          request.destroy(new Error(`a body of more than ${MAXIMUM_BODY_BYTES} bytes`));
      });
      response.on("error", fail);
      response.on("end", () => {
        const tookMs = performance.now() - startedAtMs;
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), tookMs });
      });
    });
    request.on("error", fail);
  });
}
