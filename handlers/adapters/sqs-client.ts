import { SQSClient } from "@aws-sdk/client-sqs";
import { clientOptions } from "./client-options";

/** One repeat: a caller waits for the answer, and the sweep sends again what could not be sent. */
const MAX_ATTEMPTS = 2;

/**
 * A client of the region's queues. The SDK would call the host of the queue's URL; here it calls its endpoint, so that
 * `AWS_ENDPOINT_URL_SQS` decides for SQS as its likes do for the other services. On AWS both are the same host.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function sqsClient(region: string, requestTimeoutMs: number): SQSClient {
  return new SQSClient({
    ...clientOptions(region, { connectionTimeoutMs: requestTimeoutMs, requestTimeoutMs, maxAttempts: MAX_ATTEMPTS }),
    useQueueUrlAsEndpoint: false,
  });
}
