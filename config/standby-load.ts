/** Times its usual traffic that a standby is to bear from one moment to the next. */
export const SURGE_FACTOR = 10;

/**
 * Seconds for which a request holds its function's environment when all environments are cold. An assumption, above what
 * `npm run bench:handlers` measures, since the SDK's first connections and the first table call are in it.
 */
const COLD_REQUEST_SECONDS = 2;

/**
 * A function gains so many execution environments within 10 s; nobody can have more.
 * https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
 */
const LAMBDA_SCALING_PER_TEN_SECONDS = 1_000;

/**
 * What an on-demand table bears at once when it is new, or idle, and its settings do not warm it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
const NEW_TABLE = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4_000 };

/**
 * Write units a second of one partition, of a table or an index; a region's unpaid orders are one partition of the index.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html
 */
const PARTITION_WRITE_UNITS_PER_SECOND = 1_000;

/** Items that a cart is read from: one a region, and that of the time before carts were merged. */
const ITEMS_OF_A_CART = 3;

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const KILOBYTES_OF_A_READ_UNIT = 4;

export interface StandbyLoadInput {
  readonly traffic: {
    readonly usualRequestsPerSecond: number;
    readonly usualCheckoutsPerSecond: number;
    readonly largestItemKilobytes: number;
  };
  readonly throttling: { readonly burstLimit: number; readonly rateLimitPerSecond: number };
  readonly warmThroughput?: typeof NEW_TABLE | undefined;
}

/** One limit that the standby meets in its first minute. */
export interface LoadItem {
  readonly name: string;
  readonly needed: number;
  readonly available: number;
  readonly unit: string;
  /** How both figures come about. */
  readonly reason: string;
  /** What makes it hold. */
  readonly remedy: string;
}

/**
 * What {@link SURGE_FACTOR} times the usual traffic takes of a standby whose functions are all cold, against what AWS gives at once. Every
 * request but a checkout is counted as a change of a cart, which takes most. Quotas of the account are not counted. `npm run
 * check:account` shows them, and does not compare them with this: see that Lambda's concurrency is above the executions at once.
 */
export function standbyLoad({ traffic, throttling, warmThroughput = NEW_TABLE }: StandbyLoadInput): LoadItem[] {
  const requests = SURGE_FACTOR * traffic.usualRequestsPerSecond;
  const checkouts = SURGE_FACTOR * traffic.usualCheckoutsPerSecond;
  const atOnce = requests * COLD_REQUEST_SECONDS;
  const readUnits = Math.ceil(traffic.largestItemKilobytes / KILOBYTES_OF_A_READ_UNIT);
  const writeUnits = Math.ceil(traffic.largestItemKilobytes);
  const cold = `${requests} requests a second, each ${COLD_REQUEST_SECONDS} s in a cold function`;
  const warmTables = "set warmThroughput, or raise it";
  return [
    {
      name: "API Gateway, rate",
      needed: requests,
      available: throttling.rateLimitPerSecond,
      unit: "requests a second",
      reason: `${SURGE_FACTOR} × ${traffic.usualRequestsPerSecond}; the API's own throttling`,
      remedy: "raise throttling.rateLimitPerSecond",
    },
    {
      name: "API Gateway, burst",
      needed: atOnce,
      available: throttling.burstLimit,
      unit: "requests at once",
      reason: `${cold}; the API's own throttling`,
      remedy: "raise throttling.burstLimit",
    },
    {
      name: "Lambda, scaling",
      needed: atOnce,
      available: LAMBDA_SCALING_PER_TEN_SECONDS,
      unit: "new environments in 10 s",
      reason: `${cold}, all of one function`,
      remedy: "nobody can have more: keep environments warm with provisioned concurrency, or state less traffic",
    },
    {
      name: "carts table, reads",
      needed: requests * ITEMS_OF_A_CART * readUnits,
      available: warmThroughput.readUnitsPerSecond,
      unit: "read units a second",
      reason: `${ITEMS_OF_A_CART} items a request, consistently, ${readUnits} units each`,
      remedy: warmTables,
    },
    {
      name: "carts table, writes",
      needed: requests * writeUnits,
      available: warmThroughput.writeUnitsPerSecond,
      unit: "write units a second",
      reason: `an item a request, ${writeUnits} units each`,
      remedy: warmTables,
    },
    {
      name: "orders table, writes",
      needed: checkouts * 2 * writeUnits,
      available: warmThroughput.writeUnitsPerSecond,
      unit: "write units a second",
      reason: `an order is placed and settled: 2 writes of ${writeUnits} units`,
      remedy: warmTables,
    },
    {
      name: "unpaid orders, index",
      needed: checkouts * 2,
      available: PARTITION_WRITE_UNITS_PER_SECOND,
      unit: "write units a second",
      reason: "an order enters the index and leaves it; a region's unpaid orders are one partition",
      remedy: "nobody can have more: split the index's key into shards, or state fewer checkouts",
    },
  ];
}

/** Renders the items beneath a heading: ✓ holds, ✗ does not. Without a stated traffic, a line says that nothing was looked at. */
export function standbyLoadLines(
  input: Omit<StandbyLoadInput, "traffic"> & { readonly traffic?: StandbyLoadInput["traffic"] | undefined },
): string[] {
  const { traffic, ...rest } = input;
  if (traffic === undefined) return ["  the standby's first minute: not looked at; the settings state no traffic"];
  const items = standbyLoad({ ...rest, traffic });
  const nameColumns = Math.max(...items.map(({ name }) => name.length));
  return [
    `  the standby's first minute at ${SURGE_FACTOR} × ${traffic.usualRequestsPerSecond} requests a second`,
    ...items.map(
      ({ name, needed, available, unit }) =>
        `${needed <= available ? "✓" : "✗"} ${name.padEnd(nameColumns)} ${String(needed).padStart(8)} of ${available} ${unit}`,
    ),
  ];
}
