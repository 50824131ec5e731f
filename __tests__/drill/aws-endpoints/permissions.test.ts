import { isAllowed, matches } from "../../../drill/aws-endpoints/permissions";

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
