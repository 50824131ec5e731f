import { isObject, type Json, type JsonObject } from "../../terraform-json/json";
import type { MetricClock } from "./metric-clock";
import type { MetricId, MetricStore } from "./metric-store";

/** A metric in a line, with its values. */
interface EmbeddedMetric extends MetricId {
  readonly values: readonly number[];
  readonly unit: string;
}

/** Only these lines are parsed: functions log many others. */
const MAY_EMBED = /"_aws"\s*:/;

const SECONDS_AND_SHORTER = new Set(["Seconds", "Milliseconds", "Microseconds"]);

/**
 * Puts the metrics that a function's line embeds. Values whose unit is a time become declared time, as the function measured them by the machine's clock.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function putEmbeddedMetrics(line: string, metrics: MetricStore, clock: MetricClock): void {
  if (!MAY_EMBED.test(line)) return;
  const root = parsed(line);
  const metadata = root?.["_aws"];
  if (root === undefined || !isObject(metadata)) return;
  const timestamp = metadata["Timestamp"];
  const atMs = typeof timestamp === "number" ? clock.declaredMs(timestamp) : clock.nowMs();
  for (const { values, unit, ...metric } of metricsOf(root, metadata)) {
    const factor = SECONDS_AND_SHORTER.has(unit) ? clock.speed : 1;
    for (const value of values) metrics.put(metric, value * factor, atMs);
  }
}

function metricsOf(root: JsonObject, metadata: JsonObject): EmbeddedMetric[] {
  return objectsIn(metadata["CloudWatchMetrics"]).flatMap((directive) =>
    [directive["Dimensions"] ?? []].flat(1).flatMap((names) =>
      objectsIn(directive["Metrics"]).map((definition) => {
        const metricName = String(definition["Name"]);
        return {
          namespace: String(directive["Namespace"]),
          metricName,
          dimensions: Object.fromEntries([names].flat().map((name) => [String(name), String(root[String(name)])])),
          values: [root[metricName] ?? []].flat().filter((value) => typeof value === "number"),
          unit: String(definition["Unit"] ?? "None"),
        };
      }),
    ),
  );
}

const objectsIn = (list: Json | undefined): JsonObject[] => [list ?? []].flat().filter(isObject);

function parsed(line: string): JsonObject | undefined {
  try {
    const root: Json = JSON.parse(line);
    return isObject(root) ? root : undefined;
  } catch {
    return undefined; // CloudWatch Logs keeps such a line as text.
  }
}
