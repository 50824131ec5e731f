/**
 * The environment variables of each function, by name. They are the whole contract between the infrastructure code, which
 * sets them, and the entry points, which read them at cold start: types only, so that importing them costs a stack nothing.
 * Besides these, a function relies on what the Lambda runtime sets: region, function name and version, and credentials.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */

/** How long, and how often, a function tries DynamoDB. */
export type DynamoDbEnvironment = {
  /** Milliseconds that a new connection may take. */
  readonly DYNAMODB_CONNECTION_TIMEOUT_MS: string;
  /** Milliseconds that one attempt may take, connection included. */
  readonly DYNAMODB_REQUEST_TIMEOUT_MS: string;
  /** Attempts in all, the first one included. */
  readonly DYNAMODB_MAX_ATTEMPTS: string;
};

/** Where a function counts what the shop cares about. */
export type OperationsEnvironment = {
  /** CloudWatch namespace of the deployment's own metrics. */
  readonly METRICS_NAMESPACE: string;
};

export type HealthEnvironment = DynamoDbEnvironment & {
  /** Name of the carts table. */
  readonly CHECKOUT_TABLE_NAME: string;
  /** Milliseconds after which the check gives up whatever its attempts are doing; below Route 53's 2 s. */
  readonly DYNAMODB_DEADLINE_MS: string;
};

/** None of its own. */
export type LiveEnvironment = Record<string, never>;

/** Whose items a cart is merged from, whose orders a sweep takes over, or whose heartbeats are read. */
export type PeersEnvironment = {
  /** The other regions, comma separated; empty when there are none. */
  readonly PEER_REGIONS: string;
};

export type CartEnvironment = DynamoDbEnvironment &
  OperationsEnvironment &
  PeersEnvironment & {
    readonly CHECKOUT_TABLE_NAME: string;
    /** Days that a cart outlives its last change. */
    readonly CART_TTL_DAYS: string;
  };

export type CheckoutEnvironment = DynamoDbEnvironment &
  OperationsEnvironment &
  PeersEnvironment & {
    readonly CHECKOUT_TABLE_NAME: string;
    readonly CART_TTL_DAYS: string;
    readonly ORDERS_TABLE_NAME: string;
    readonly PAYMENT_QUEUE_URL: string;
    /** Milliseconds that one attempt to send may take, connection included. */
    readonly SQS_REQUEST_TIMEOUT_MS: string;
  };

export type OrderEnvironment = DynamoDbEnvironment & {
  readonly ORDERS_TABLE_NAME: string;
};

export type PaymentWorkerEnvironment = DynamoDbEnvironment &
  OperationsEnvironment & {
    readonly ORDERS_TABLE_NAME: string;
    /** Where charges are POSTed. */
    readonly VENDOR_URL: string;
    /** Name, not ARN, of the secret that holds the vendor's key: the ARN differs between regions, the name does not. */
    readonly VENDOR_SECRET_NAME: string;
    /** Milliseconds that one request to the vendor may take. */
    readonly VENDOR_TIMEOUT_MS: string;
    /** Requests to the vendor for one delivery of a message, the first one included. */
    readonly VENDOR_MAX_ATTEMPTS: string;
    /** Milliseconds that one order's charge may take in all, repeats and reads of the key included. */
    readonly VENDOR_DEADLINE_MS: string;
  };

export type SweepEnvironment = DynamoDbEnvironment &
  OperationsEnvironment &
  PeersEnvironment & {
    readonly ORDERS_TABLE_NAME: string;
    readonly PAYMENT_QUEUE_URL: string;
    readonly SQS_REQUEST_TIMEOUT_MS: string;
    /** Seconds since it was last enqueued after which an unpaid order of the function's own region is enqueued again. */
    readonly SWEEP_OWN_AGE_SECONDS: string;
    /** Seconds since anybody last enqueued it after which an unpaid order of a peer region is taken over. */
    readonly SWEEP_TAKEOVER_AGE_SECONDS: string;
    /** Orders that one run enqueues at most. */
    readonly SWEEP_MAX_ORDERS: string;
  };

export type HeartbeatEnvironment = DynamoDbEnvironment &
  OperationsEnvironment &
  PeersEnvironment & {
    readonly CHECKOUT_TABLE_NAME: string;
    readonly ORDERS_TABLE_NAME: string;
    /** Name of the TXT record with Route 53's verdict on the standby's endpoint: `healthy` or `unhealthy`. */
    readonly STANDBY_VERDICT_NAME: string;
  };

export type PrimaryWatchEnvironment = {
  /** The primary's own health endpoint. */
  readonly PRIMARY_HEALTH_URL: string;
  /** Name of the TXT record with Route 53's verdict for that endpoint: `healthy` or `unhealthy`. */
  readonly PRIMARY_VERDICT_NAME: string;
  /** Name of the TXT record with Route 53's verdict for the switch: `in service` or `stood down`. */
  readonly SWITCH_VERDICT_NAME: string;
  /** The region that is watched. */
  readonly PRIMARY_REGION: string;
  /** CloudWatch namespace of the failover's own metrics. */
  readonly FAILOVER_NAMESPACE: string;
  readonly SWITCH_METRIC_NAME: string;
  readonly PROBE_METRIC_NAME: string;
  /** Milliseconds that one attempt to put a data point may take, connection included. */
  readonly CLOUDWATCH_REQUEST_TIMEOUT_MS: string;
};
