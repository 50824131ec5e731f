import { failAttribute } from "../terraform-json/json";
import { childrenFirst } from "./children-first";
import { followedAlarm } from "./followed-alarm";
import type { RegionTopology, Topology } from "./topology";

/**
 * Requires that every reference leads to a declared resource of the same region, where AWS would look for it. This holds for routes
 * as well: API Gateway could call a function of another region, but the drill cannot.
 * @throws {DeclarationError} naming the address that refers
 */
export function refuseDeadReferences(topology: Topology): void {
  const { regions, records, healthChecks } = topology;
  for (const region of regions) refuseWithin(region);
  childrenFirst(healthChecks);
  for (const { address, healthCheckId } of records) {
    if (healthCheckId === undefined || healthChecks.some(({ id }) => id === healthCheckId)) continue;
    failAttribute(address, "health_check_id", "a health check that a stack declares", healthCheckId);
  }
  for (const check of healthChecks) if (check.type === "CLOUDWATCH_METRIC") followedAlarm(topology, check);
}

function refuseWithin({ name, apis, functions, queues, mappings, schedules }: RegionTopology): void {
  const aFunction = `a function that ${name} declares`;
  const aQueue = `a queue that ${name} declares`;
  const functionArns = new Set(functions.map(({ arn }) => arn));
  const queueArns = new Set(queues.map(({ arn }) => arn));
  for (const { address, functionArn } of apis.flatMap(({ routes }) => routes)) {
    if (!functionArns.has(functionArn)) failAttribute(address, "target", `an integration of ${aFunction}`, functionArn);
  }
  for (const { address, functionArn } of schedules) {
    if (!functionArns.has(functionArn)) failAttribute(address, "target.arn", aFunction, functionArn);
  }
  for (const { address, queueArn, functionArn } of mappings) {
    if (!queueArns.has(queueArn)) failAttribute(address, "event_source_arn", aQueue, queueArn);
    if (!functionArns.has(functionArn)) failAttribute(address, "function_name", aFunction, functionArn);
  }
  for (const { address, redrive } of queues) {
    if (redrive === undefined || queueArns.has(redrive.deadLetterArn)) continue;
    failAttribute(address, "redrive_policy", `for ${aQueue}`, redrive.deadLetterArn);
  }
}
