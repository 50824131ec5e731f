import { promises as dns } from "node:dns";
import { withinDeadline } from "../deadline";
import type { HealthVerdict } from "../ports";

/** Milliseconds after which a packet is sent again, the first time; the deadline ends it. */
const REPEAT_AFTER_MS = 1_000;
const TRIES = 4;

/**
 * Reads the TXT record by which Route 53's name servers tell a health check's state, such as `healthy` or `unhealthy`. They answer wherever a region
 * is gone; Route 53's API for it, and the metrics of its checks, are in us-east-1 alone.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html
 */
export class DnsVerdict implements HealthVerdict {
  constructor(
    private readonly name: string,
    /** Texts of the two records. */
    private readonly texts = { healthy: "healthy", unhealthy: "unhealthy" },
  ) {}

  async isHealthy(timeoutMs: number): Promise<boolean> {
    const records = await withinDeadline(timeoutMs, `no TXT record of ${this.name}`, (signal) => this.ask(signal));
    const texts = records.map((strings) => strings.join(""));
    const [text] = texts;
    const { healthy, unhealthy } = this.texts;
    if (texts.length === 1 && text === healthy) return true;
    if (texts.length === 1 && text === unhealthy) return false;
    throw new Error(`${this.name}: expected one TXT record, ${healthy} or ${unhealthy}; got ${JSON.stringify(texts)}`);
  }

  private ask(signal: AbortSignal): Promise<string[][]> {
    const resolver = new dns.Resolver({ timeout: REPEAT_AFTER_MS, tries: TRIES });
    signal.addEventListener("abort", () => resolver.cancel(), { once: true });
    return resolver.resolveTxt(this.name);
  }
}
