import http from "node:http";
import https from "node:https";
import type { Endpoint, EndpointAnswer } from "../ports";

/** Enough for every answer that is looked at; an endless one must not fill the memory. */
const MAXIMUM_BODY_BYTES = 16_384;

/**
 * Asks over a new connection each time, as Route 53's checkers do: a kept one would go on leading to the region that the name once led to.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class FreshConnection implements Endpoint {
  constructor(private readonly url: string) {}

  get(timeoutMs: number): Promise<EndpointAnswer> {
    const { get } = this.url.startsWith("https:") ? https : http;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const request = get(this.url, { agent: false, signal }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
          else request.destroy(new Error(`more than ${MAXIMUM_BODY_BYTES} bytes`));
        });
        response.once("end", () =>
          resolve({ statusCode: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
        );
        response.once("error", reject);
      });
      request.once("error", (error) =>
        reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error),
      );
    });
  }
}
