import { startDynamoDb } from "../../__tests__/handlers/local-dynamodb";
import { acceptMessages, answer, startServer } from "../../__tests__/handlers/local-server";
import type { Endpoints } from "./handler-environment";

/**
 * A process with everything that the handlers call, apart from theirs, so that its work does not sit in the measured event loop. Tells
 * its parent where it listens, and ends with it.
 */
async function main(): Promise<void> {
  process.on("disconnect", () => process.exit());
  const [dynamoDb, sqs, secretsManager, vendor] = await Promise.all([
    startDynamoDb(),
    startServer(acceptMessages),
    startServer((_, response) => answer(response, 200, { SecretString: "vendor-key-1" })),
    // A verdict with the amount, as a vendor gives it: the worker's way without one is another.
    startServer(({ body }, response) =>
      answer(response, 200, { amountMinor: body["amountMinor"], currency: body["currency"] }),
    ),
  ]);
  const endpoints: Endpoints = {
    dynamoDb: dynamoDb.endpoint,
    sqs: sqs.endpoint,
    secretsManager: secretsManager.endpoint,
    vendor: vendor.endpoint,
  };
  process.send?.(endpoints);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
