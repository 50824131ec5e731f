import { withinDeadline } from "../deadline";
import { type HttpHandler, makeHttpHandler } from "../http-handler";
import { jsonResponse, problemResponse } from "../http-response";
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
export function makeHealthHandler({ probe, region, deadlineMs, log }: HealthDependencies): HttpHandler {
  return makeHttpHandler(log, async (_, { requestId, log: requestLog }) => {
    try {
      await withinDeadline(deadlineMs, "no answer from the table", (signal) => probe.probe(signal));
      return jsonResponse(200, { status: "ok", region });
    } catch (error) {
      requestLog("ERROR", "health-unavailable", errorFields(error));
      const detail = `the carts table in ${region} cannot be read`;
      return problemResponse({ reason: "unavailable", detail, requestId, members: { region } });
    }
  });
}
