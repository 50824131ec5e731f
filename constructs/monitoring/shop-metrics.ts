import type { MetricName } from "../../handlers/ports";
import type { RegionalHandlerName } from "../functions/handler-names";
import type { Metric } from "./metric";

/** The functions that count each metric, under their own names. */
const COUNTED_BY: Readonly<Record<MetricName, readonly RegionalHandlerName[]>> = {
  OrdersAccepted: ["checkout"],
  OrdersPaid: ["payment-worker"],
  OrdersDeclined: ["payment-worker"],
  OrdersSwept: ["sweep"],
  VendorFailures: ["payment-worker"],
  AmountMismatches: ["payment-worker"],
  DoubleSales: ["cart", "checkout"],
  CartConflicts: ["cart", "checkout"],
};

/**
 * The shop's own metrics of one region, as the functions' log lines carry them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 * @param namePrefix - the deployment's: namespace of the metrics and first part of the functions' names
 */
export function shopMetrics(namePrefix: string, ...names: readonly MetricName[]): Metric[] {
  return names.flatMap((metricName) =>
    COUNTED_BY[metricName].map((handler) => ({
      namespace: namePrefix,
      metricName,
      dimensions: { service: `${namePrefix}-${handler}` },
      stat: "Sum",
    })),
  );
}

/**
 * Age in seconds of the heartbeat that a peer region has written into a table, as it has arrived in this region.
 * @param namePrefix - as for {@link shopMetrics}
 */
export function peerHeartbeatAge(namePrefix: string, peerRegion: string, tableName: string): Metric {
  return {
    namespace: namePrefix,
    metricName: "PeerHeartbeatAge",
    dimensions: { service: `${namePrefix}-heartbeat`, PeerRegion: peerRegion, TableName: tableName },
    stat: "Maximum",
  };
}

/** 1 while Route 53's checkers find the standby unhealthy, 0 while they do not, as the heartbeat's function reads it in DNS. */
export function standbyUnhealthy(namePrefix: string): Metric {
  const dimensions = { service: `${namePrefix}-heartbeat` };
  return { namespace: namePrefix, metricName: "StandbyUnhealthy", dimensions, stat: "Maximum" };
}
