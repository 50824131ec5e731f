import { DeclarationError } from "../terraform-json/errors";
import { isAllowed } from "./policy-evaluation";
import type { Topology } from "./topology";

/** Lambda polls a queue with the function's role; AWS refuses a mapping whose role does not allow that. */
const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/**
 * Requires that each function may poll the queues that are mapped to it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @throws {DeclarationError} naming the mapping, the function and the action
 */
export function refuseUnreadableQueues({ regions }: Topology): void {
  for (const { mappings, functions } of regions) {
    for (const { address, queueArn, functionArn } of mappings) {
      for (const { functionName, statements } of functions.filter(({ arn }) => arn === functionArn)) {
        const denied = POLLING.find((action) => !isAllowed(statements, action, queueArn));
        if (denied === undefined) continue;
        throw new DeclarationError(`${address}: the role of ${functionName} must allow ${denied} on ${queueArn}`);
      }
    }
  }
}
