import http from "node:http";
import https from "node:https";
import { withinDeadline } from "../deadline";
import type { Endpoint } from "../ports";

/**
 * Asks over a new connection each time, as Route 53's checkers do: a kept one would go on leading to wherever the name once led.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class FreshConnection implements Endpoint {
  constructor(private readonly url: string) {}

  statusCode(timeoutMs: number): Promise<number> {
    return withinDeadline(timeoutMs, "no answer", (signal) => this.ask(signal));
  }

  private ask(signal: AbortSignal): Promise<number> {
    const { get } = this.url.startsWith("https:") ? https : http;
    return new Promise((resolve, reject) => {
      const request = get(this.url, { agent: false, signal }, ({ statusCode = 0 }) => {
        resolve(statusCode);
        request.destroy(); // The rest of the answer tells no more.
      });
      request.once("error", reject);
    });
  }
}
