import { evaluate } from "../../terraform-json/expression";
import type { Json } from "../../terraform-json/json";

const values: Readonly<Record<string, Json>> = {
  "aws_sqs_queue.Orders": { arn: "arn:queue", tags: { Name: "n" } },
  "data.aws_zone.Zone": { zone_id: "Z1" },
  "aws_cert.C": {
    options: [
      { domain: "a.example.com", record: "_a" },
      { domain: "b.example.com", record: "_b" },
    ],
  },
};

function lookup(root: readonly string[]) {
  const consumed = root[0] === "data" ? 3 : 2;
  const value = values[root.slice(0, consumed).join(".")];
  if (value === undefined) throw new Error(`no ${root.join(".")}`);
  return { value, consumed };
}

test.each<[string, Json]>([
  ["aws_sqs_queue.Orders.arn", "arn:queue"],
  ['aws_sqs_queue.Orders.tags["Name"]', "n"],
  ["data.aws_zone.Zone.zone_id", "Z1"],
  ["aws_cert.C.options[1].record", "_b"],
  ['one([for o in aws_cert.C.options : o.record if o.domain == "b.example.com"])', "_b"],
  ['one([for o in aws_cert.C.options : o.record if o.domain == "c.example.com"])', null],
  ["[for o in [] : o.record]", []],
  ['join(",", ["a", "b"])', "a,b"],
  ['true == true ? "yes" : "no"', "yes"],
  ["element([1, 2, 3], 2)", 3],
  ['jsonencode(["a"])', '["a"]'],
])("%s is %p", (source, value) => {
  expect(evaluate(source, lookup)).toEqual(value);
});

test.each([
  ['file("path")', /expected one of the functions .*; got file\(\)/],
  ["one([1, 2])", /at most one value, got 2/],
  ["aws_sqs_queue.Orders.nothing", /expected a value with 'nothing'/],
  ["aws_sqs_queue.Orders.arn extra", /expected the expression's end/],
  ["1 + 1", /cannot read the expression/],
  ["[1, 2", /expected "\]", got "the end"/],
])("%s is refused with what was expected", (source, message) => {
  expect(() => evaluate(source, lookup)).toThrow(message);
});
