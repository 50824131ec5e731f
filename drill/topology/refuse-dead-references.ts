import { childrenFirst } from "../route53/children-first";
import { TopologyError } from "../terraform/errors";
import type { RegionTopology, Topology } from "./topology";

/**
 * What refers to something must find it, and where AWS would look: in its own region. Routes too, though API Gateway would call
 * functions of other regions: the drill would not.
 * @throws {TopologyError} naming the address that refers
 */
export function refuseDeadReferences({ regions, records, healthChecks }: Topology): void {
  for (const region of regions) refuseWithin(region);
  childrenFirst(healthChecks);
  for (const { address, healthCheckId } of records) {
    if (healthCheckId === undefined || healthChecks.some(({ id }) => id === healthCheckId)) continue;
    refuse(address, "health_check_id", "a health check that a stack declares", healthCheckId);
  }
}

function refuseWithin({ name, apis, functions, queues, mappings, schedules }: RegionTopology): void {
  const aFunction = `a function that ${name} declares`;
  const aQueue = `a queue that ${name} declares`;
  const functionArns = new Set(functions.map(({ arn }) => arn));
  const queueArns = new Set(queues.map(({ arn }) => arn));
  for (const { address, functionArn } of apis.flatMap(({ routes }) => routes)) {
    if (!functionArns.has(functionArn)) refuse(address, "target", `an integration of ${aFunction}`, functionArn);
  }
  for (const { address, functionArn } of schedules) {
    if (!functionArns.has(functionArn)) refuse(address, "target.arn", aFunction, functionArn);
  }
  for (const { address, queueArn, functionArn } of mappings) {
    if (!queueArns.has(queueArn)) refuse(address, "event_source_arn", aQueue, queueArn);
    if (!functionArns.has(functionArn)) refuse(address, "function_name", aFunction, functionArn);
  }
  for (const { address, redrive } of queues) {
    if (redrive === undefined || queueArns.has(redrive.deadLetterArn)) continue;
    refuse(address, "redrive_policy", `for ${aQueue}`, redrive.deadLetterArn);
  }
}

function refuse(address: string, attribute: string, expected: string, got: string): never {
  throw new TopologyError(`${address}: '${attribute}' must be ${expected}, got ${JSON.stringify(got)}`);
}
