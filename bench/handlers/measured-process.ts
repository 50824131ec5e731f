import { promises as dns } from "node:dns";
import { performance } from "node:perf_hooks";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RegionalHandlerName } from "../../constructs/functions/handler-names";
import { REGION } from "./handler-environment";
import type { RAW_CALLS } from "./raw-calls";
import { WORKLOADS } from "./workloads";

/** What this process is told on its command line, as JSON. */
export interface Job {
  readonly name: RegionalHandlerName;
  /** The handler's bundle. */
  readonly handlerFile: string;
  /** The bundle of the raw calls. */
  readonly rawCallsFile: string;
  readonly warmUps: number;
  readonly invocations: number;
}

/** What it answers with, in the order of the invocations. */
export interface Samples {
  readonly handlerMs: number[];
  readonly rawMs: number[];
}

/** No name server is on the bench: a verdict is there at once, and whoever reads it pays for what it does itself. */
dns.Resolver.prototype.resolveTxt = async () => [["healthy"]];

/** Invokes a handler's bundle and makes its raw calls in turn, so that whatever disturbs the machine disturbs both. */
async function measure({ name, handlerFile, rawCallsFile, warmUps, invocations }: Job): Promise<Samples> {
  const { handler } = require(handlerFile) as { handler: (event: unknown) => Promise<unknown> };
  const prepareRaw = (require(rawCallsFile) as { RAW_CALLS: typeof RAW_CALLS }).RAW_CALLS[name];
  const workload = WORKLOADS[name];
  const seeding = new DynamoDBClient({ region: REGION });

  const handlerMs = async (userId: string) => {
    const event = workload.event(userId, await workload.seed(seeding, userId));
    const startedMs = performance.now();
    const result = await handler(event);
    const ms = performance.now() - startedMs;
    workload.check(result);
    return ms;
  };
  const rawMs = async (userId: string) => {
    const calls = prepareRaw(userId, await workload.seed(seeding, userId));
    const startedMs = performance.now();
    await calls();
    return performance.now() - startedMs;
  };

  const samples: Samples = { handlerMs: [], rawMs: [] };
  for (let index = -warmUps; index < invocations; index += 1) {
    const sides = [
      async () => ({ into: samples.handlerMs, ms: await handlerMs(`handler-${index}`) }),
      async () => ({ into: samples.rawMs, ms: await rawMs(`raw-${index}`) }),
    ];
    // Neither side is always the one that follows the other.
    for (const side of index % 2 === 0 ? sides : sides.reverse()) {
      const { into, ms } = await side();
      if (index >= 0) into.push(ms);
    }
  }
  return samples;
}

process.on("disconnect", () => process.exit());
measure(JSON.parse(process.argv[2] ?? "")).then(
  (samples) => process.send?.(samples, () => process.exit()),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
