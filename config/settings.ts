import { z } from "zod";
import { BROWSER_CACHE_SECONDS } from "./recovery-time-budget";
import { AWS_REGIONS } from "./regions";

/** Retention periods CloudWatch Logs accepts, in days (AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const oneOf = <const T extends readonly (string | number)[]>(values: T) =>
  z.literal(values, { error: `one of ${values.join(", ")}` });

const wholeNumber = (minimum: number, maximum: number) => {
  const expected = `a whole number from ${minimum} to ${maximum}`;
  return z.int({ error: expected }).min(minimum, { error: expected }).max(maximum, { error: expected });
};

const text = (pattern: RegExp, expected: string, maximumLength: number) =>
  z.string({ error: expected }).max(maximumLength, { error: expected }).regex(pattern, { error: expected });

const HOST_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = (expected: string) =>
  text(new RegExp(`^${HOST_LABEL}(?:\\.${HOST_LABEL})+$`), `${expected}, in lower case and without a final dot`, 190);

const httpsUrl = (expected: string) =>
  text(
    new RegExp(`^https://${HOST_LABEL}(?:\\.${HOST_LABEL})+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?$`),
    expected,
    512,
  ).refine((url) => URL.canParse(url), { error: expected });

const region = z.literal(AWS_REGIONS, { error: "an AWS region such as us-east-1; config/regions.ts lists them" });

const resourceName = (expected: string) =>
  text(/^[A-Za-z0-9_.-]+$/, `${expected}: letters, digits, '_', '.', '-'`, 255).min(3, {
    error: `${expected}, 3 to 255 characters`,
  });

const failoverRecord = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("CNAME"),
      /** Time to live of the failover records in seconds: resolvers keep the failed region's answer that long. */
      ttlSeconds: wholeNumber(1, 3600),
    }),
    /** A and AAAA alias records; their answers carry API Gateway's own TTL of 60 s. */
    z.strictObject({ type: z.literal("ALIAS") }),
  ],
  { error: `{ type: "CNAME", ttlSeconds } or { type: "ALIAS" }` },
);

const backend = z.discriminatedUnion(
  "type",
  [
    /** HCP Terraform (or Terraform Enterprise): one workspace a stack, named `<workspacePrefix><stack>`. */
    z.strictObject({
      type: z.literal("cloud"),
      organization: text(/^[A-Za-z0-9_-]+$/, "an HCP Terraform organization name", 40),
      workspacePrefix: text(/^[A-Za-z0-9_-]*$/, "letters, digits, '_' and '-'", 40),
      /** @default "app.terraform.io" */
      hostname: hostName("the host name of a Terraform Enterprise installation").optional(),
    }),
    /** One object a stack, `<keyPrefix>/<stack>.tfstate`, locked by S3's own lock file. */
    z.strictObject({
      type: z.literal("s3"),
      bucket: text(
        /^(?!xn--)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)(?!.*(?:-s3alias|--ol-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
        "an S3 bucket name",
        63,
      ),
      /** Region of the bucket; never the primary region, which may be lost. */
      region,
      keyPrefix: text(/^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/, "letters, digits, '_', '-' between single slashes", 200),
    }),
    /** A file a stack beside `cdktf.out`, for trying out. */
    z.strictObject({ type: z.literal("local") }),
  ],
  { error: `a state backend: { type: "cloud" | "s3" | "local", ... }` },
);

const alarms = z.union(
  [
    z.strictObject({
      email: text(
        new RegExp(`^[A-Za-z0-9_%+-]+(?:\\.[A-Za-z0-9_%+-]+)*@(?:${HOST_LABEL}\\.)+[A-Za-z]{2,}$`),
        "an e-mail address",
        254,
      ),
    }),
    z.strictObject({ topicName: text(/^[A-Za-z0-9_-]+$/, "an SNS topic name", 256) }),
  ],
  { error: "{ email } for a new topic in each region, or { topicName } of a topic that exists in both regions" },
);

/** Tags that every deployment sets; settings may give them another value. */
export const OUR_TAGS = ["Project", "Environment", "ManagedBy"] as const;

/**
 * A Route 53 health check takes 10 tags, every other resource 50; these are left beside {@link OUR_TAGS} and the health check's `Name`.
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html
 */
const MAXIMUM_OWN_TAGS = 10 - OUR_TAGS.length - 1;

const isNotOurs = (key: string) => !OUR_TAGS.some((tag) => tag === key);
const isUniqueIgnoringCase = (keys: readonly string[]) =>
  new Set(keys.map((key) => key.toLowerCase())).size === keys.length;

/** Default settings of customers' clients. */
export const DEFAULT_CLIENTS = { timeoutSeconds: 5 };

/** The shape of one deployment's settings; unknown fields are refused. Rules across fields: `settings-rules.ts`. */
export const settingsSchema = z.strictObject(
  {
    /** First part of every resource's name. */
    projectName: text(/^[a-z][a-z0-9-]*[a-z0-9]$/, "2 to 20 lower-case letters, digits and '-', a letter first", 20),
    /** Second part of every resource's name: `production`, `staging`, ... */
    environment: text(/^[a-z][a-z0-9]*$/, "1 to 12 lower-case letters and digits, a letter first", 12),
    /** The AWS account: ARNs are built from it, and the provider refuses to touch any other. */
    accountId: text(/^[0-9]{12}$/, "an AWS account ID of 12 digits", 12),
    /** Home of the tables; answers while it is healthy. */
    primaryRegion: region,
    /** The warm standby. */
    secondaryRegion: region,
    /** Name of the existing public hosted zone that holds all records. */
    hostedZoneName: hostName("the name of a hosted zone, such as example.com"),
    /** The name that customers call; each region also answers at `<region>.<apiDomainName>`. */
    apiDomainName: hostName("a host name in the hosted zone, such as api.example.com"),
    objectives: z
      .strictObject(
        {
          /** RTO: an outage's longest permissible time, from its start to the last TTL-honouring client's recovery. */
          recoveryTimeSeconds: wholeNumber(1, 86_400),
          /**
           * The same for browsers, which keep a DNS answer for 60 s however short its TTL (`BROWSER_CACHE_SECONDS`).
           * @default recoveryTimeSeconds + 60
           */
          browserRecoveryTimeSeconds: wholeNumber(1, 86_400).optional(),
          /** RPO: the oldest acknowledged write that may be unavailable at failover. MREC replication is asynchronous: at least 1. */
          recoveryPointSeconds: wholeNumber(1, 86_400),
        },
        { error: "{ recoveryTimeSeconds, recoveryPointSeconds }" },
      )
      .transform(({ browserRecoveryTimeSeconds, ...promised }) => ({
        ...promised,
        browserRecoveryTimeSeconds: browserRecoveryTimeSeconds ?? promised.recoveryTimeSeconds + BROWSER_CACHE_SECONDS,
      })),
    healthCheck: z.strictObject(
      {
        /**
         * Path of the deep health route, on the API and in the Route 53 health check. The route is open, and an HTTP API has no AWS WAF
         * (apigateway/http-api-vs-rest): a part that nobody guesses prevents floods that would make a healthy region look unhealthy. It is
         * demanded outside of documentation zones such as example.com.
         */
        path: text(
          /^(?:\/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)+$/,
          "a path such as /health of letters, digits and single hyphens, without query or trailing slash",
          255,
        ),
        /** Seconds from one response to a checker's next request; 10 costs more and detects sooner. */
        requestIntervalSeconds: oneOf([10, 30]),
        /** Consecutive opposite results that change a checker's verdict, 1 to 10. */
        failureThreshold: wholeNumber(1, 10),
      },
      { error: "{ path, requestIntervalSeconds, failureThreshold }" },
    ),
    failoverRecord,
    /**
     * Whether customers return to the primary as soon as its health check passes again. `latched`: they stay with the standby until an
     * operator releases the primary, so that a flapping primary does not move them back and forth.
     * @default "latched"
     */
    failback: oneOf(["latched", "automatic"]).default("latched"),
    clients: z
      .strictObject(
        {
          /** Seconds after which customers' clients abandon a request: the last such time-out adds to the recovery time. */
          timeoutSeconds: wholeNumber(1, 60),
        },
        { error: "{ timeoutSeconds }" },
      )
      .default(DEFAULT_CLIENTS),
    throttling: z.strictObject(
      {
        /** Requests that may arrive at once, over all routes but the health route. */
        burstLimit: wholeNumber(1, 5_000),
        /** Steady requests a second, over all routes but the health route. */
        rateLimitPerSecond: wholeNumber(1, 10_000),
      },
      { error: "{ burstLimit, rateLimitPerSecond }" },
    ),
    /**
     * What the API usually bears. The synth refuses settings by which a standby could not bear ten times as much from its first minute on.
     * @default not stated: the standby's first minute is not looked at
     */
    traffic: z
      .strictObject(
        {
          /** Requests a second with a token, on the whole API, in a usual hour. */
          usualRequestsPerSecond: wholeNumber(1, 100_000),
          /** Of which checkouts. */
          usualCheckoutsPerSecond: wholeNumber(0, 100_000),
          /** The largest usual cart or order in DynamoDB, in units of 1,024 bytes, rounded up. */
          largestItemKilobytes: wholeNumber(1, 400),
        },
        { error: "{ usualRequestsPerSecond, usualCheckoutsPerSecond, largestItemKilobytes }" },
      )
      .optional(),
    jwt: z.strictObject(
      {
        /** The `iss` of accepted tokens; API Gateway fetches the issuer's keys from there. */
        issuer: httpsUrl("an https:// issuer URL without query"),
        /** Accepted `aud` or `client_id` values. */
        audience: z
          .array(text(/^[A-Za-z0-9._~:/-]+$/, "an audience without blanks", 256), { error: "a list of audiences" })
          .min(1, { error: "at least one audience" })
          .max(50, { error: "at most 50 audiences" }),
      },
      { error: "{ issuer, audience }" },
    ),
    vendor: z.strictObject(
      { /** Where the payment worker posts charges. */ url: httpsUrl("an https:// URL without query") },
      { error: "{ url }" },
    ),
    alarms,
    /** How long every log group keeps its events. */
    logRetentionDays: oneOf(LOG_RETENTION_DAYS),
    backend,
    /** Put on every resource that takes tags. */
    tags: z
      .record(
        text(
          /^(?!aws:)[A-Za-z0-9 _.:/=+@-]+$/i,
          "a tag key of letters, digits, blanks, _.:/=+-@, not starting with aws:",
          128,
        ),
        text(/^[A-Za-z0-9 _.:/=+@-]*$/, "a tag value of letters, digits, blanks, _.:/=+-@", 256),
        { error: "an object of tag keys and values" },
      )
      .refine(
        (tags) => Object.keys(tags).filter((key) => key !== "Name" && isNotOurs(key)).length <= MAXIMUM_OWN_TAGS,
        {
          error: `at most ${MAXIMUM_OWN_TAGS} tags besides ${OUR_TAGS.join(", ")} and Name: a Route 53 health check takes 10 in all`,
        },
      )
      .refine((tags) => isUniqueIgnoringCase([...Object.keys(tags).filter(isNotOurs), ...OUR_TAGS]), {
        error: `tag keys that differ by more than capitals, since IAM takes those for one (${OUR_TAGS.join(", ")} are set, too)`,
      }),
    /**
     * Deletion protection and `prevent_destroy` on tables, keys and the secret; off only where all data may be lost.
     * @default true
     */
    protectData: z.boolean({ error: "true or false" }).default(true),
    /**
     * Skips the provider's account checks, for an AWS emulator behind `AWS_ENDPOINT_URL`.
     * @default false
     */
    emulator: z.boolean({ error: "true or false" }).default(false),
    /**
     * Names of tables that exist already and are taken over by `terraform import`.
     * @default `<projectName>-<environment>-checkout` and `-orders`
     */
    tableNames: z
      .strictObject(
        { checkout: resourceName("a table name").optional(), orders: resourceName("a table name").optional() },
        { error: "{ checkout, orders }" },
      )
      .default({}),
    /**
     * Capacity both replicas of each table, and of its index, keep ready, in request units a second; the quota of a table is 40,000
     * of each unless raised (amazondynamodb/latest/developerguide/ServiceQuotas): an idle on-demand standby starts at
     * 12,000 reads and 4,000 writes (amazondynamodb/latest/developerguide/warm-throughput). It counts when a table is made; DynamoDB
     * raises the value with the traffic and never lowers it, so that later changes are `aws dynamodb update-table`'s.
     * @default DynamoDB's own
     */
    warmThroughput: z
      .strictObject(
        {
          readUnitsPerSecond: wholeNumber(12_000, 1_000_000),
          writeUnitsPerSecond: wholeNumber(4_000, 1_000_000),
        },
        { error: "{ readUnitsPerSecond, writeUnitsPerSecond }" },
      )
      .optional(),
  },
  { error: "an object of deployment settings" },
);

/** What a deployment's file states. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Validated settings, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
