import { Construct } from "constructs";
import type {
  CartEnvironment,
  CheckoutEnvironment,
  DynamoDbEnvironment,
  HealthEnvironment,
  HeartbeatEnvironment,
  LiveEnvironment,
  OperationsEnvironment,
  OrderEnvironment,
  PaymentWorkerEnvironment,
  PeersEnvironment,
  SweepEnvironment,
} from "../../handlers/environment";
import {
  CHARGE_DEADLINE_SECONDS,
  SWEEP_OWN_AGE_SECONDS,
  SWEEP_TAKEOVER_AGE_SECONDS,
  WORKER_TIMEOUT_SECONDS,
} from "../payments/payment-timing";
import { type RegionalAccount, secretArnPattern, tableArn, tableIndexArn } from "../providers-and-state/regional-arns";
import { heartbeatKey } from "../replicated-data/heartbeat";
import { type HandlerBundle, HandlerFunction, type HandlerFunctionProps } from "./handler-function";
import type { RegionalHandlerName } from "./handler-names";
import type { PolicyStatement } from "./policy-document";

export interface CheckoutFunctionsProps extends RegionalAccount {
  /** First part of each function's name. */
  readonly namePrefix: string;
  readonly bundles: Readonly<Record<RegionalHandlerName, HandlerBundle>>;
  readonly tableNames: { readonly checkout: string; readonly orders: string };
  /** Index of unpaid orders. */
  readonly unpaidIndexName: string;
  readonly queue: { readonly queueArn: string; readonly queueUrl: string };
  readonly vendor: { readonly url: string; readonly secretName: string };
  /** The region whose changes carts are merged with, and whose unpaid orders the sweep takes over. */
  readonly peerRegion: string;
  /** TXT record with Route 53's verdict on the standby. */
  readonly standbyVerdictName: string;
  readonly logRetentionDays: number;
}

/**
 * SDK time-outs: a table that works answers within three attempts. The handler answers 503 before its function's time-out when one does
 * not. The health check has bounds of its own, below the 2 s that Route 53 waits.
 */
const DYNAMODB: DynamoDbEnvironment = {
  DYNAMODB_CONNECTION_TIMEOUT_MS: "500",
  DYNAMODB_REQUEST_TIMEOUT_MS: "1000",
  DYNAMODB_MAX_ATTEMPTS: "3",
};

/** Days that a cart outlives its last change. */
const CART_TTL_DAYS = "90";

/** Every function of one region, each with the least it needs to do its work in that region alone. */
export class CheckoutFunctions extends Construct {
  readonly #functions: Readonly<Record<RegionalHandlerName, HandlerFunction>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CheckoutFunctionsProps,
  ) {
    super(scope, id);
    this.#functions = {
      health: this.#health(),
      live: this.#live(),
      cart: this.#cart(),
      checkout: this.#checkout(),
      order: this.#order(),
      "payment-worker": this.#paymentWorker(),
      sweep: this.#sweep(),
      heartbeat: this.#heartbeat(),
    };
  }

  /** The function of one handler. */
  public get(name: RegionalHandlerName): HandlerFunction {
    return this.#functions[name];
  }

  /** Metrics of the shop's own are named after the deployment: two deployments in one account do not mix. */
  get #operations(): OperationsEnvironment {
    return { METRICS_NAMESPACE: this.props.namePrefix };
  }

  get #peers(): PeersEnvironment {
    return { PEER_REGIONS: this.props.peerRegion };
  }

  #health(): HandlerFunction {
    const environment: HealthEnvironment = {
      CHECKOUT_TABLE_NAME: this.props.tableNames.checkout,
      DYNAMODB_CONNECTION_TIMEOUT_MS: "400",
      DYNAMODB_REQUEST_TIMEOUT_MS: "600",
      DYNAMODB_MAX_ATTEMPTS: "2",
      DYNAMODB_DEADLINE_MS: "1400",
    };
    return this.#function("health", {
      description: "Answers Route 53's checkers: one bounded read of the carts table",
      statements: [this.#table("ReadProbeItem", "checkout", "dynamodb:GetItem")],
      environment,
      timeoutSeconds: 3,
      // 16 checkers may overlap, each held for at most 2 s: they must get through when all other concurrency is used up.
      reservedConcurrentExecutions: 50,
    });
  }

  #live(): HandlerFunction {
    const environment: LiveEnvironment = {};
    return this.#function("live", {
      description: "Answers without touching anything: API Gateway and Lambda work",
      statements: [],
      environment,
      memorySizeMb: 128,
      timeoutSeconds: 3,
    });
  }

  #cart(): HandlerFunction {
    const environment: CartEnvironment = {
      ...DYNAMODB,
      ...this.#operations,
      ...this.#peers,
      CHECKOUT_TABLE_NAME: this.props.tableNames.checkout,
      CART_TTL_DAYS,
    };
    return this.#function("cart", {
      description: "Reads and changes the customer's cart",
      statements: [this.#table("ReadAndWriteCarts", "checkout", "dynamodb:BatchGetItem", "dynamodb:PutItem")],
      environment,
      timeoutSeconds: 10,
    });
  }

  #checkout(): HandlerFunction {
    const environment: CheckoutEnvironment = {
      ...DYNAMODB,
      ...this.#operations,
      ...this.#peers,
      CHECKOUT_TABLE_NAME: this.props.tableNames.checkout,
      CART_TTL_DAYS,
      ORDERS_TABLE_NAME: this.props.tableNames.orders,
      PAYMENT_QUEUE_URL: this.props.queue.queueUrl,
      SQS_REQUEST_TIMEOUT_MS: "1000",
    };
    return this.#function("checkout", {
      description: "Turns the customer's cart into an order",
      statements: [
        this.#table("ReadAndEmptyCarts", "checkout", "dynamodb:BatchGetItem", "dynamodb:PutItem"),
        this.#table("PlaceOrders", "orders", "dynamodb:GetItem", "dynamodb:PutItem"),
        this.#enqueue(),
      ],
      environment,
      timeoutSeconds: 20, // Calls of two tables, one after the other, beside one to the queue; the handler answers 503 before it is over.
    });
  }

  #order(): HandlerFunction {
    const environment: OrderEnvironment = { ...DYNAMODB, ORDERS_TABLE_NAME: this.props.tableNames.orders };
    return this.#function("order", {
      description: "Reads one of the customer's orders",
      statements: [this.#table("ReadOrders", "orders", "dynamodb:GetItem")],
      environment,
      timeoutSeconds: 10,
    });
  }

  #paymentWorker(): HandlerFunction {
    const environment: PaymentWorkerEnvironment = {
      ...DYNAMODB,
      ...this.#operations,
      ORDERS_TABLE_NAME: this.props.tableNames.orders,
      VENDOR_URL: this.props.vendor.url,
      VENDOR_SECRET_NAME: this.props.vendor.secretName,
      VENDOR_TIMEOUT_MS: "8000",
      VENDOR_MAX_ATTEMPTS: "3",
      VENDOR_DEADLINE_MS: String(CHARGE_DEADLINE_SECONDS * 1000),
    };
    return this.#function("payment-worker", {
      description: "Charges queued orders at the payment vendor",
      statements: [
        this.#table("SettleOrders", "orders", "dynamodb:GetItem", "dynamodb:UpdateItem"),
        {
          Sid: "ReadVendorKey",
          Effect: "Allow",
          Action: "secretsmanager:GetSecretValue",
          Resource: secretArnPattern(this.props, this.props.vendor.secretName),
        },
        {
          Sid: "ConsumePaymentQueue",
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: this.props.queue.queueArn,
        },
      ],
      environment,
      timeoutSeconds: WORKER_TIMEOUT_SECONDS,
    });
  }

  #sweep(): HandlerFunction {
    const environment: SweepEnvironment = {
      ...DYNAMODB,
      ...this.#operations,
      ...this.#peers,
      ORDERS_TABLE_NAME: this.props.tableNames.orders,
      PAYMENT_QUEUE_URL: this.props.queue.queueUrl,
      SQS_REQUEST_TIMEOUT_MS: "1000",
      SWEEP_OWN_AGE_SECONDS: String(SWEEP_OWN_AGE_SECONDS),
      SWEEP_TAKEOVER_AGE_SECONDS: String(SWEEP_TAKEOVER_AGE_SECONDS),
      SWEEP_MAX_ORDERS: "1000",
    };
    const { tableNames, unpaidIndexName } = this.props;
    return this.#function("sweep", {
      description: "Puts orders that stayed unpaid back into the payment queue",
      statements: [
        {
          Sid: "FindUnpaidOrders",
          Effect: "Allow",
          Action: "dynamodb:Query",
          Resource: tableIndexArn(this.props, tableNames.orders, unpaidIndexName),
        },
        this.#table("NoteEnqueuedOrders", "orders", "dynamodb:UpdateItem"),
        this.#enqueue(),
      ],
      environment,
      timeoutSeconds: 60,
    });
  }

  /** It may touch the regions' heartbeats and no customer's item. */
  #heartbeat(): HandlerFunction {
    const { region, peerRegion, tableNames } = this.props;
    const environment: HeartbeatEnvironment = {
      ...DYNAMODB,
      ...this.#operations,
      ...this.#peers,
      CHECKOUT_TABLE_NAME: tableNames.checkout,
      ORDERS_TABLE_NAME: tableNames.orders,
      STANDBY_VERDICT_NAME: this.props.standbyVerdictName,
    };
    const heartbeats = (sid: string, action: string, ...regions: string[]): PolicyStatement => ({
      Sid: sid,
      Effect: "Allow",
      Action: action,
      Resource: [tableArn(this.props, tableNames.checkout), tableArn(this.props, tableNames.orders)],
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": regions.map(heartbeatKey) } },
    });
    return this.#function("heartbeat", {
      description:
        "Writes the region's heartbeat; reports the age of its peers', and Route 53's verdict on the standby",
      statements: [
        heartbeats("WriteOwnHeartbeat", "dynamodb:PutItem", region),
        heartbeats("ReadPeersHeartbeats", "dynamodb:GetItem", peerRegion),
      ],
      environment,
      memorySizeMb: 256,
      timeoutSeconds: 10,
    });
  }

  #table(sid: string, table: "checkout" | "orders", ...actions: string[]): PolicyStatement {
    return { Sid: sid, Effect: "Allow", Action: actions, Resource: tableArn(this.props, this.props.tableNames[table]) };
  }

  #enqueue(): PolicyStatement {
    return { Sid: "EnqueuePayments", Effect: "Allow", Action: "sqs:SendMessage", Resource: this.props.queue.queueArn };
  }

  #function(
    name: RegionalHandlerName,
    specific: Pick<HandlerFunctionProps, "description" | "statements" | "environment" | "timeoutSeconds"> &
      Partial<Pick<HandlerFunctionProps, "memorySizeMb" | "reservedConcurrentExecutions">>,
  ): HandlerFunction {
    const { region, accountId, namePrefix, bundles, logRetentionDays } = this.props;
    return new HandlerFunction(this, name, {
      region,
      accountId,
      functionName: `${namePrefix}-${name}`,
      bundle: bundles[name],
      memorySizeMb: 512,
      logRetentionDays,
      ...specific,
    });
  }
}
