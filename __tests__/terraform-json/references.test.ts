import { expressionReferences, templateReferences } from "../../terraform-json/references";

const named = (template: string) => templateReferences(template).map(({ address, rest }) => `${address} ${rest}`);

test.each<[string, string[]]>([
  ["arn:aws:sqs", []],
  ["aws_sqs_queue.Orders.arn", []],
  ["${aws_sqs_queue.Orders.arn}", ["aws_sqs_queue.Orders .arn"]],
  ["a${local.x}b${var.y}c", ["local.x ", "var.y "]],
  ["$${aws_sqs_queue.Orders.arn}", []],
  ["$$${aws_sqs_queue.Orders.arn}", []],
  [
    "${data.terraform_remote_state.cross-stack-input.outputs.cross-stack-output}",
    ["data.terraform_remote_state.cross-stack-input .outputs.cross-stack-output"],
  ],
  ['${data.aws_x.y.outputs["aws_a.b"].c}', ["data.aws_x.y .outputs"]],
  ["${aws_x.y[0].z.1}", ["aws_x.y [0].z.1"]],
  ["${aws_x.y[local.i].z}", ["aws_x.y ", "local.i "]],
  ["${aws_x.y[*].arn}", ["aws_x.y "]],
  ["${aws_x . y . arn}", ["aws_x.y .arn"]],
  ["${1 + aws_x.y.size >= -aws_x.z.size % 2}", ["aws_x.y .size", "aws_x.z .size"]],
  ["${[for item in aws_x.y.items : item.arn if item.ok]}", ["aws_x.y .items"]],
  ["${{ for k, v in local.map : k => v... }}", ["local.map "]],
  ['${replace("}", "}", aws_x.y.arn)}', ["aws_x.y .arn"]],
  ['${replace("aws_a.b", "\\"aws_c.d", aws_x.y.arn)}', ["aws_x.y .arn"]],
  ['${f("${g("a", aws_x.y.arn)}-${local.z}")}', ["aws_x.y .arn", "local.z "]],
  ['${f("$${aws_x.y.arn}")}', []],
  ["%{ if aws_x.y.enabled }${local.a}%{ else }%{ endif }", ["aws_x.y .enabled", "local.a "]],
  ["%%{ if aws_x.y.enabled }", []],
  ["${aws_x.y.arn", ["aws_x.y .arn"]],
  ['${f("${aws_x.y.arn', ["aws_x.y .arn"]],
  ["${module.m.out} ${each.value} ${count.index}", ["module.m .out"]],
])("%s mentions %p", (template, mentions) => {
  expect(named(template)).toEqual(mentions);
});

test("an address alone is an expression without braces", () => {
  expect(expressionReferences("aws_sqs_queue.Orders")).toEqual([
    { address: "aws_sqs_queue.Orders", rest: "", start: 0, end: 20 },
  ]);
});

test("a mention tells where it is in the text, also within a quoted text", () => {
  const template = 'a ${f("x-${ aws_x.y.arn }")} ${local.z}';
  const mentions = templateReferences(template).map(({ start, end }) => template.slice(start, end));
  expect(mentions).toEqual(["aws_x.y.arn", "local.z"]);
});
