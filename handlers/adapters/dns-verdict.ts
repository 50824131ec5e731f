import { promises as dns } from "node:dns";
import { withinDeadline } from "../deadline";
import type { HealthVerdict } from "../ports";

/**
 * Reads the TXT record by which Route 53's name servers tell a health check's state, `healthy` or `unhealthy`. They answer wherever a region
 * is gone; Route 53's API for it, and the metrics of its checks, are in us-east-1 alone.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export class DnsVerdict implements HealthVerdict {
  constructor(private readonly name: string) {}

  async isHealthy(timeoutMs: number): Promise<boolean> {
    const records = await withinDeadline(timeoutMs, `no TXT record of ${this.name}`, () => dns.resolveTxt(this.name));
    const texts = records.map((strings) => strings.join(""));
    const [text] = texts;
    if (texts.length === 1 && text === "healthy") return true;
    if (texts.length === 1 && text === "unhealthy") return false;
    throw new Error(`${this.name}: expected one TXT record, healthy or unhealthy; got ${JSON.stringify(texts)}`);
  }
}
