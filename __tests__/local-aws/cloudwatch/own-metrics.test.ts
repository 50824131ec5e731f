import { MetricClock } from "../../../local-aws/cloudwatch/metric-clock";
import { MetricStore } from "../../../local-aws/cloudwatch/metric-store";
import { OwnMetrics } from "../../../local-aws/cloudwatch/own-metrics";
import { failed, throttled } from "../../../local-aws/lambda/invocation";
import { Pace } from "../../../local-aws/pace";

const API = { ApiId: "a1", Stage: "$default" };
const FUNCTION = { FunctionName: "checkout" };

function own() {
  const store = new MetricStore(new MetricClock(1));
  let isHalted = false;
  const metrics = new OwnMetrics(store, [], new Pace(1), () => isHalted);
  const sumOf = (namespace: string, metricName: string, dimensions: Record<string, string>) =>
    store
      .periods({ namespace, metricName, dimensions }, 60, 0, Number.POSITIVE_INFINITY)
      .reduce((all, { sum }) => all + sum, 0);
  const halt = () => {
    isHalted = true;
  };
  return { metrics, sumOf, halt };
}

test("each answer of an API counts, by the class of its status", () => {
  const { metrics, sumOf } = own();
  for (const status of [200, 404, 503, 500]) metrics.answered("a1", "$default", status);
  expect(["Count", "4xx", "5xx"].map((name) => sumOf("AWS/ApiGateway", name, API))).toEqual([4, 1, 2]);
});

test("a throttled invocation is neither an invocation nor an error", () => {
  const { metrics, sumOf } = own();
  for (const result of [{ payload: {} }, failed("Runtime.ExitError", "it ended"), throttled])
    metrics.invoked("checkout", result);
  expect(["Invocations", "Errors", "Throttles"].map((name) => sumOf("AWS/Lambda", name, FUNCTION))).toEqual([2, 1, 1]);
});

test("throttled writes count for their table, and a lost region publishes nothing", () => {
  const { metrics, sumOf, halt } = own();
  metrics.writeThrottled("orders");
  halt();
  metrics.writeThrottled("orders");
  metrics.answered("a1", "$default", 500);
  expect(sumOf("AWS/DynamoDB", "WriteThrottleEvents", { TableName: "orders" })).toBe(1);
  expect(sumOf("AWS/ApiGateway", "5xx", API)).toBe(0);
});
