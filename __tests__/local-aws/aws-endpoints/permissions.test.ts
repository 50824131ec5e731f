import { Callers } from "../../../local-aws/aws-endpoints/permissions";
import { isAllowed, matches } from "../../../topology/policy-evaluation";
import type { LambdaFunction } from "../../../topology/topology";

const allow = (actions: string[], resources: string[]) => ({ effect: "Allow" as const, actions, resources });
const TABLE = "arn:aws:dynamodb:us-west-2:123456789012:table/carts";

test.each([
  ["dynamodb:GetItem", TABLE, true],
  ["dynamodb:getitem", TABLE, true],
  ["dynamodb:PutItem", TABLE, false],
  ["dynamodb:GetItem", TABLE.replace("us-west-2", "us-east-1"), false],
  ["dynamodb:GetItem", `${TABLE}/index/by-user`, false],
])("%s on %s: %p", (action, resource, expected) => {
  expect(isAllowed([allow(["dynamodb:GetItem"], [TABLE])], action, resource)).toBe(expected);
});

test("a deny wins over whatever allows", () => {
  const statements = [allow(["*"], ["*"]), { effect: "Deny" as const, actions: ["dynamodb:*"], resources: ["*"] }];
  expect(isAllowed(statements, "dynamodb:GetItem", TABLE)).toBe(false);
  expect(isAllowed(statements, "sqs:SendMessage", TABLE)).toBe(true);
});

test("nothing is allowed to whom nothing says so", () => {
  expect(isAllowed([], "dynamodb:GetItem", TABLE)).toBe(false);
});

test.each([
  ["a.b", "axb", false],
  ["a?b", "axb", true],
  ["arn:*:secret:key-??????", "arn:x:secret:key-AbCdEf", true],
  ["arn:*:secret:key-??????", "arn:x:secret:key-2-AbCdEf", false],
])("pattern %s on %s: %p", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test.each([
  [{ metricNamespace: "shop" }, true],
  [{ metricNamespace: "shop/other" }, false],
  [{}, false],
])("with a condition on the namespace, %p: %p", (context, expected) => {
  const statement = { ...allow(["cloudwatch:PutMetricData"], ["*"]), metricNamespaces: ["shop"] };
  expect(isAllowed([statement], "cloudwatch:PutMetricData", "*", context)).toBe(expected);
});

test("a deny with a condition denies only where it holds", () => {
  const put = (metricNamespace: string) =>
    isAllowed(
      [allow(["*"], ["*"]), { effect: "Deny", actions: ["*"], resources: ["*"], metricNamespaces: ["shop"] }],
      "cloudwatch:PutMetricData",
      "*",
      { metricNamespace },
    );
  expect([put("shop"), put("other")]).toEqual([false, true]);
});

test("a function is told by its key, the operator may do everything, and nobody else is known", () => {
  const callers = new Callers();
  const lambda = { functionName: "cart", statements: [] } as unknown as LambdaFunction;
  const callerOf = (accessKeyId: string) => callers.callerOf(`AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/x`);
  expect(callerOf(callers.accessKeyIdOf(lambda))?.name).toBe("cart");
  const operator = callerOf(callers.operatorAccessKeyId);
  expect(operator?.name).toBe("the operator");
  expect(isAllowed(operator?.statements ?? [], "dynamodb:GetItem", TABLE)).toBe(true);
  expect(callerOf("AKIASOMEBODY")).toBeUndefined();
});
