import { parseMetricMath } from "../../topology/metric-math";

test.each([
  ["IF(m2 > 0, 100 * m1 / m2, 0)", { m1: 3, m2: 12 }, 25],
  ["IF(m2 > 0, 100 * m1 / m2, 0)", { m1: 0, m2: 0 }, 0],
  ["IF(m2 > 0, 100 * m1 / m2, 0)", {}, undefined],
  ["FILL(m1, 0) + FILL(m2, 0)", { m2: 7 }, 7],
  ["m1 + m2", { m2: 7 }, undefined],
  ["1 + 2 * 3 - (4 - 2) / 2", {}, 6],
  ["m1 >= 2", { m1: 2 }, 1],
])("%s of %p is %p", (expression, values, expected) => {
  expect(parseMetricMath(expression)?.(values)).toBe(expected);
});

test.each([
  "SUM(METRICS())",
  "m1 +",
  "(m1",
  "m1)",
  "IF(m1, 2)",
  "FILL(m1, REPEAT",
  "m1 % 2",
  "ANOMALY_DETECTION_BAND(m1)",
  "",
])("%s is not understood", (expression) => {
  expect(parseMetricMath(expression)).toBeUndefined();
});
