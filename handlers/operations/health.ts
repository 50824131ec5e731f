import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { jsonResponse } from "../http-response";
import { errorFields, type Log } from "../log";
import type { TableProbe } from "../ports";

export interface HealthDependencies {
  readonly probe: TableProbe;
  readonly region: string;
  readonly deadlineMs: number;
  readonly log: Log;
}

/**
 * Answers whether this region can serve: it can if it reads its table. Route 53 gives an endpoint two seconds after the
 * connection stands, so a check that waits longer for a table that hangs would look the same as no function at all. The
 * vendor is not asked: with the vendor away orders are still taken, and failing over would not bring it back.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export const makeHealthHandler =
  ({ probe, region, deadlineMs, log }: HealthDependencies) =>
  async (): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      await withinDeadline(deadlineMs, (signal) => probe.probe(signal));
      return jsonResponse(200, { status: "ok", region });
    } catch (error) {
      log("ERROR", "health-unavailable", { region, ...errorFields(error) });
      return jsonResponse(503, { status: "unavailable", region });
    }
  };

class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Aborts the work at the deadline, and stops waiting for it even if it does not heed the signal, as the SDK between attempts. */
async function withinDeadline(deadlineMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DeadlineError(`no answer from the table within ${deadlineMs} ms`);
      reject(error);
      controller.abort(error);
    }, deadlineMs);
  });
  try {
    await Promise.race([work(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
