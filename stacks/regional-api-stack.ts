import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Deployment, DeploymentRegion } from "../config/deployment";
import { CheckoutFunctions } from "../constructs/functions/checkout-functions";
import { FunctionSchedule } from "../constructs/functions/function-schedule";
import type { HandlerBundle } from "../constructs/functions/handler-function";
import {
  BACKGROUND_HANDLER_NAMES,
  REGIONAL_HANDLER_NAMES,
  type RegionalHandlerName,
} from "../constructs/functions/handler-names";
import { ApiDomain } from "../constructs/http-api/api-domain";
import { checkoutRoutes } from "../constructs/http-api/checkout-routes";
import { HttpApi } from "../constructs/http-api/http-api";
import { AlarmTopic } from "../constructs/monitoring/alarm-topic";
import { type ObservedRegion, RegionalAlarms } from "../constructs/monitoring/regional-alarms";
import { RegionalDashboard } from "../constructs/monitoring/regional-dashboard";
import { PaymentQueue } from "../constructs/payments/payment-queue";
import {
  MAX_RECEIVE_COUNT,
  SWEEP_RATE_MINUTES,
  VISIBILITY_TIMEOUT_SECONDS,
} from "../constructs/payments/payment-timing";
import { regionalProvider } from "../constructs/providers-and-state/regional-provider";
import { attachStateBackend } from "../constructs/providers-and-state/state-backend";
import { HEARTBEAT_RATE_MINUTES } from "../constructs/replicated-data/heartbeat";
import { UNPAID_INDEX_NAME } from "./global-data-stack";

export interface RegionalApiStackProps {
  readonly deployment: Deployment;
  readonly region: DeploymentRegion;
  /** The other region. */
  readonly peer: DeploymentRegion;
  readonly bundles: Readonly<Record<RegionalHandlerName, HandlerBundle>>;
  /** ARN of this region's certificate. */
  readonly certificateArn: string;
}

/** Everything that one region needs to serve alone. Both regions are instances of this one class. */
export class RegionalApiStack extends TerraformStack {
  /** The API's name in this region: what this region's failover record points at. */
  public readonly apiDomain: ApiDomain;
  /** The region's own host name. */
  public readonly regionalDomain: ApiDomain;

  constructor(scope: Construct, id: string, props: RegionalApiStackProps) {
    super(scope, id);
    const { deployment, region, peer } = props;
    const { settings, namePrefix, tableNames, tags } = deployment;
    const { accountId, logRetentionDays, emulator } = settings;
    const account = { region: region.name, accountId };
    attachStateBackend(this, settings.backend);
    regionalProvider(this, "Aws", { ...account, tags, emulator });

    const queue = new PaymentQueue(this, "PaymentQueue", {
      queueName: deployment.queueNames.payments,
      deadLetterQueueName: deployment.queueNames.deadLetters,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
      maxReceiveCount: MAX_RECEIVE_COUNT,
    });
    const functions = new CheckoutFunctions(this, "Functions", {
      ...account,
      namePrefix,
      bundles: props.bundles,
      tableNames,
      unpaidIndexName: UNPAID_INDEX_NAME,
      queue,
      vendor: { url: settings.vendor.url, secretName: deployment.vendorSecretName },
      peerRegion: peer.name,
      standbyVerdictName: deployment.failover.standbyVerdictName,
      logRetentionDays,
    });
    queue.feed(functions.get("payment-worker").functionArn, 10, 10);
    new FunctionSchedule(this, "SweepSchedule", {
      ...account,
      scheduleName: `${namePrefix}-sweep`,
      functionName: functions.get("sweep").functionName,
      functionArn: functions.get("sweep").functionArn,
      rateMinutes: SWEEP_RATE_MINUTES,
    });

    new FunctionSchedule(this, "HeartbeatSchedule", {
      ...account,
      scheduleName: `${namePrefix}-heartbeat`,
      rolePrefix: `${namePrefix}-beat`, // With the schedule's own name, a long project's role would have more than 64 characters.
      functionName: functions.get("heartbeat").functionName,
      functionArn: functions.get("heartbeat").functionArn,
      rateMinutes: HEARTBEAT_RATE_MINUTES,
    });

    const routes = checkoutRoutes(settings.healthCheck.path);
    const api = new HttpApi(this, "Api", {
      name: namePrefix,
      targets: Object.fromEntries(routes.map(({ target }) => [target, functions.get(target)])),
      routes,
      jwt: settings.jwt,
      throttling: settings.throttling,
      logRetentionDays,
    });
    const { certificateArn } = props;
    this.apiDomain = new ApiDomain(this, "ApiDomain", {
      ...served(api),
      certificateArn,
      domainName: settings.apiDomainName,
    });
    this.regionalDomain = new ApiDomain(this, "RegionalDomain", {
      ...served(api),
      certificateArn,
      domainName: region.domainName,
    });

    this.#watch(props, api, functions, queue);
  }

  /** Alarms and a dashboard about this region, in this region. */
  #watch(
    { deployment, region, peer }: RegionalApiStackProps,
    api: HttpApi,
    functions: CheckoutFunctions,
    queue: PaymentQueue,
  ): void {
    const { settings, namePrefix, tableNames } = deployment;
    const observed: ObservedRegion = {
      api,
      functionNames: REGIONAL_HANDLER_NAMES.map((name) => functions.get(name).functionName),
      backgroundFunctionNames: BACKGROUND_HANDLER_NAMES.map((name) => functions.get(name).functionName),
      queueName: queue.queueName,
      deadLetterQueueName: queue.deadLetterQueueName,
      tableNames: [tableNames.checkout, tableNames.orders],
      indexes: [{ tableName: tableNames.orders, indexName: UNPAID_INDEX_NAME }],
      peerRegion: peer.name,
    };
    const topic = new AlarmTopic(this, "AlarmTopic", {
      topicName: deployment.alarmTopicName,
      audience: settings.alarms,
    });
    new RegionalAlarms(this, "Alarms", {
      namePrefix,
      topicArn: topic.topicArn,
      observed,
      recoveryPointSeconds: settings.objectives.recoveryPointSeconds,
      oldestUnpaidSeconds: 900,
      latencyP99Ms: 2000,
    });
    new RegionalDashboard(this, "Dashboard", {
      dashboardName: `${namePrefix}-${region.name}`,
      namePrefix,
      region: region.name,
      observed,
    });
  }
}

function served({ apiId, stageName }: HttpApi) {
  return { apiId, stageName };
}
