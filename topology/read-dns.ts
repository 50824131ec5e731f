import { isIP } from "node:net";
import { DeclarationError } from "../terraform-json/errors";
import type { Fields } from "../terraform-json/json";
import type { ResolvedBlock, Resolver } from "../terraform-json/resolver";
import { oneOf } from "./read-data";
import { RECORD_TYPES } from "./record-types";
import type { DnsRecord, HealthCheck, MetricAlarm } from "./topology";

const ENDPOINT_TYPES = ["HTTPS", "HTTP", "HTTPS_STR_MATCH", "HTTP_STR_MATCH", "TCP"] as const;

export function readHealthChecks(resolver: Resolver): HealthCheck[] {
  return resolver.all("aws_route53_health_check").map(({ address, fields }) => {
    const base = {
      address,
      id: fields.text("id"),
      inverted: fields.boolean("invert_healthcheck", false),
      disabled: fields.boolean("disabled", false),
    };
    const type = fields.text("type");
    if (type === "CALCULATED") {
      return {
        ...base,
        type,
        childIds: fields.texts("child_healthchecks"),
        childHealthThreshold: fields.numberIn("child_health_threshold", 0, 256, 0),
      };
    }
    if (type === "CLOUDWATCH_METRIC") {
      return {
        ...base,
        type,
        alarmRegion: fields.text("cloudwatch_alarm_region"),
        alarmName: fields.text("cloudwatch_alarm_name"),
        insufficientDataHealthStatus: oneOf(fields, "insufficient_data_health_status", [
          "Healthy",
          "Unhealthy",
          "LastKnownStatus",
        ]),
      };
    }
    const searchString = type.endsWith("_STR_MATCH") ? fields.text("search_string") : undefined;
    return {
      ...base,
      type: oneOf(fields, "type", ENDPOINT_TYPES),
      fqdn: fields.text("fqdn"),
      port: fields.numberIn("port", 1, 65_535, type.startsWith("HTTPS") ? 443 : 80),
      resourcePath: fields.optionalText("resource_path") ?? "/",
      ...(searchString === undefined ? {} : { searchString }),
      requestIntervalSeconds: intervalOf(fields),
      failureThreshold: fields.numberIn("failure_threshold", 1, 10, 3),
      enableSni: fields.boolean("enable_sni", type.startsWith("HTTPS")),
    };
  });
}

function intervalOf(fields: Fields): number {
  const seconds = fields.number("request_interval", 30);
  return seconds === 10 || seconds === 30 ? seconds : fields.fail("request_interval", "10 or 30", seconds);
}

export function readRecords(resolver: Resolver): DnsRecord[] {
  return resolver.all("aws_route53_record").map((block) => {
    const { fields, address } = block;
    refuseOtherPolicies(fields);
    const alias = fields.block("alias");
    const failover = fields.block("failover_routing_policy");
    const healthCheckId = fields.optionalText("health_check_id");
    const setIdentifier = fields.optionalText("set_identifier");
    return {
      address,
      name: hostName(fields.text("name")),
      type: oneOf(fields, "type", RECORD_TYPES),
      // An alias answers with its target's TTL: 60 s for API Gateway.
      ttlSeconds: alias === undefined ? fields.numberIn("ttl", 0, 2 ** 31 - 1) : 60,
      values: alias === undefined ? valuesOf(fields) : [hostName(alias.text("name"))],
      isAlias: alias !== undefined,
      evaluateTargetHealth: alias?.boolean("evaluate_target_health", false) ?? false,
      ...(failover === undefined ? {} : { failover: oneOf(failover, "type", ["PRIMARY", "SECONDARY"]) }),
      ...(setIdentifier === undefined ? {} : { setIdentifier }),
      ...(healthCheckId === undefined ? {} : { healthCheckId }),
    };
  });
}

const OTHER_POLICIES = ["weighted", "latency", "geolocation", "geoproximity", "multivalue_answer", "cidr"];

function refuseOtherPolicies(fields: Fields): void {
  const policy = OTHER_POLICIES.find((name) => fields.has(`${name}_routing_policy`));
  if (policy === undefined) return;
  throw new DeclarationError(
    `${fields.address}: the drill knows simple and failover records; got ${policy}_routing_policy`,
  );
}

const ADDRESS_VERSIONS: Readonly<Record<string, number>> = { A: 4, AAAA: 6 };

/** Lower-cases host names, since DNS ignores case; keeps other values unchanged. */
function valuesOf(fields: Fields): string[] {
  const type = fields.text("type");
  const values = fields.texts("records");
  if (values.length === 0) fields.fail("records", "a list of values, unless the record has an alias", undefined);
  const version = ADDRESS_VERSIONS[type];
  const wrong = version === undefined ? undefined : values.find((value) => isIP(value) !== version);
  if (wrong !== undefined) fields.fail("records", `addresses of IP version ${version}`, wrong);
  return type === "CNAME" ? values.map(hostName) : values;
}

const hostName = (name: string) => name.toLowerCase().replace(/\.$/, "");

export function readAlarms(resolver: Resolver): MetricAlarm[] {
  return resolver
    .all("aws_cloudwatch_metric_alarm")
    .filter(({ fields }) => fields.has("metric_name") || fields.has("metric_query"))
    .map(alarmOf);
}

function metricOf(fields: Fields): AlarmMetric {
  return {
    namespace: fields.text("namespace"),
    metricName: fields.text("metric_name"),
    dimensions: fields.textMap("dimensions"),
    statistic: fields.optionalText("statistic") ?? fields.text("extended_statistic"),
    periodSeconds: fields.numberIn("period", 1, 86_400),
  };
}

type AlarmMetric = Pick<
  MetricAlarm,
  "namespace" | "metricName" | "dimensions" | "statistic" | "periodSeconds" | "math"
>;

/** One expression over metrics. Another arrangement is read as an expression that nobody understands, so that the alarm is not evaluated. */
function queried(fields: Fields): AlarmMetric {
  const queries = fields.blocks("metric_query");
  const expressions = queries.filter((query) => query.has("expression"));
  const metrics = queries.flatMap((query) =>
    query.blocks("metric").map((metric) => [query.text("id"), metric] as const),
  );
  return {
    ...{ namespace: "", metricName: "", dimensions: {}, statistic: "" },
    periodSeconds: Math.max(1, ...metrics.map(([, metric]) => metric.numberIn("period", 1, 86_400))),
    math: {
      expression: expressions.length === 1 ? (expressions[0]?.text("expression") ?? "") : "",
      metrics: Object.fromEntries(
        metrics.map(([id, metric]) => [
          id,
          {
            namespace: metric.text("namespace"),
            metricName: metric.text("metric_name"),
            dimensions: metric.textMap("dimensions"),
            statistic: metric.text("stat"),
          },
        ]),
      ),
    },
  };
}

function alarmOf({ address, fields, region }: ResolvedBlock): MetricAlarm {
  const evaluationPeriods = fields.numberIn("evaluation_periods", 1, 1_440);
  return {
    address,
    region: region,
    name: fields.text("alarm_name"),
    ...(fields.has("metric_query") ? queried(fields) : metricOf(fields)),
    evaluationPeriods,
    datapointsToAlarm: fields.numberIn("datapoints_to_alarm", 1, evaluationPeriods, evaluationPeriods),
    threshold: fields.number("threshold"),
    comparisonOperator: fields.text("comparison_operator"),
    treatMissingData: fields.has("treat_missing_data")
      ? oneOf(fields, "treat_missing_data", ["missing", "notBreaching", "breaching", "ignore"])
      : "missing",
  };
}
