import { DeclarationError } from "../../terraform-json/errors";
import { cdktfOut } from "../../terraform-json/source";
import { readTopology } from "../../topology/read-topology";
import { changedFolder } from "../drill/changed-folder";
import { type AnyJson, every, exampleSettings, synthesizeFolder } from "../synthesize";

// Each is one line, with the address, what was expected and what came: nobody should need the drill's code to mend a stack.

let folder: string;
beforeAll(() => {
  folder = synthesizeFolder(exampleSettings());
});

const WEST = "api-us-west-2";
const DNS = "failover-dns";
const EAST_FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:shop";

type Case = readonly [what: string, stack: string, change: (json: AnyJson) => void, message: RegExp];

function refuses(cases: readonly Case[]): void {
  test.each(cases)("refuses %s", (_, stack, change, message) => {
    let refusal: unknown;
    try {
      readTopology(cdktfOut(changedFolder(folder, stack, change)));
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(DeclarationError);
    expect((refusal as Error).message).toMatch(message);
    expect((refusal as Error).message).not.toContain("\n");
  });
}

const first = (json: AnyJson, type: string): AnyJson => Object.values(json.resource[type])[0];
const set = (type: string, values: object) => (json: AnyJson) => void Object.assign(first(json, type), values);
const healthCheck = (ofType: string) => (values: object) => (json: AnyJson) => {
  const checks = Object.values<AnyJson>(json.resource.aws_route53_health_check);
  Object.assign(
    checks.find(({ type }) => type === ofType),
    values,
  );
};
const endpoint = healthCheck("HTTPS");
const calculated = healthCheck("CALCULATED");
const statement = (policy: unknown) => set("aws_iam_role_policy", { policy });

describe("references to undeclared blocks or to another region", () => {
  refuses([
    [
      "a schedule's function in another region",
      WEST,
      (json) => {
        first(json, "aws_scheduler_schedule").target.arn = EAST_FUNCTION;
      },
      /^api-us-west-2: aws_scheduler_schedule\.\S+: 'target.arn' must be a function that us-west-2 declares, got "arn:aws:lambda:us-east-1:/,
    ],
    [
      "a schedule's target that is not a function",
      WEST,
      (json) => {
        first(json, "aws_scheduler_schedule").target.arn = "arn:aws:sqs:us-west-2:123456789012:queue";
      },
      /aws_scheduler_schedule\.\S+: 'target.arn' must be a function that us-west-2 declares, got "arn:aws:sqs:/,
    ],
    [
      "a mapping of an undeclared queue",
      WEST,
      set("aws_lambda_event_source_mapping", { event_source_arn: "arn:aws:sqs:us-east-1:123456789012:q" }),
      /aws_lambda_event_source_mapping\.\S+: 'event_source_arn' must be a queue that us-west-2 declares, got/,
    ],
    [
      "a mapping to a function of another region",
      WEST,
      set("aws_lambda_event_source_mapping", { function_name: EAST_FUNCTION }),
      /aws_lambda_event_source_mapping\.\S+: 'function_name' must be a function that us-west-2 declares, got/,
    ],
    [
      "a queue that the function's role may not read",
      WEST,
      (json) => {
        for (const policy of every(json, "aws_iam_role_policy"))
          policy.policy = policy.policy.replace("sqs:DeleteMessage", "sqs:PurgeQueue");
      },
      /^api-us-west-2: aws_lambda_event_source_mapping\.\S+: the role of shop-example-\S+ must allow sqs:DeleteMessage on arn:aws:sqs:us-west-2:/,
    ],
    [
      "a route to a function of another region",
      WEST,
      set("aws_apigatewayv2_integration", {
        integration_uri: `arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/${EAST_FUNCTION}/invocations`,
      }),
      /aws_apigatewayv2_route\.\S+: 'target' must be an integration of a function that us-west-2 declares, got/,
    ],
    [
      "a route of an undeclared API",
      WEST,
      set("aws_apigatewayv2_route", { api_id: "gone" }),
      /aws_apigatewayv2_route\.\S+: 'api_id' must be an API that us-west-2 declares, got "gone"$/,
    ],
    [
      "a mapping of an undeclared domain name",
      WEST,
      set("aws_apigatewayv2_api_mapping", { domain_name: "gone.example.com" }),
      /aws_apigatewayv2_api_mapping\.\S+: 'domain_name' must be a domain name that us-west-2 declares, got/,
    ],
    [
      "an undeclared dead-letter queue",
      WEST,
      set("aws_sqs_queue_redrive_policy", {
        redrive_policy: JSON.stringify({ deadLetterTargetArn: "arn:gone", maxReceiveCount: 5 }),
      }),
      /aws_sqs_queue\.\S+: 'redrive_policy' must be for a queue that us-west-2 declares, got "arn:gone"$/,
    ],
    [
      "an undeclared role of a function",
      WEST,
      set("aws_lambda_function", { role: "arn:aws:iam::123456789012:role/external" }),
      /aws_lambda_function\.\S+: 'role' must be a role that a stack declares, .*got "external"$/,
    ],
    [
      "an undeclared health check of a record",
      DNS,
      (json) => {
        for (const record of Object.values<AnyJson>(json.resource.aws_route53_record)) record.health_check_id = "gone";
      },
      /^failover-dns: aws_route53_record\.\S+: 'health_check_id' must be a health check that a stack declares, got "gone"$/,
    ],
    [
      "an undeclared child of a calculated health check",
      DNS,
      calculated({ child_healthchecks: ["gone"] }),
      /aws_route53_health_check\.\S+: 'child_healthchecks' must name declared health checks; got gone$/,
    ],
    [
      "an undeclared provider",
      WEST,
      set("aws_lambda_event_source_mapping", { provider: "aws.gone" }),
      /^api-us-west-2: aws_lambda_event_source_mapping\.\S+: expected a provider aws\.gone, got none; declare it in the stack$/,
    ],
    [
      "a region that is an expression",
      WEST,
      (json) => {
        json.variable = { region: { default: "us-west-2" } };
        json.provider.aws[0].region = "${var.region}";
      },
      /must have a literal region, its own or its provider's, got \$\{var\.region\}$/,
    ],
  ]);
});

describe("JSON within JSON, and templates", () => {
  refuses([
    ["a policy that is not JSON", WEST, statement("{"), /aws_iam_role_policy\.\S+: 'policy' must be JSON, got "\{"$/],
    ["a policy without a statement", WEST, statement("[]"), /'policy' must be a policy with a Statement, got \[\]$/],
    [
      "a statement that is not an object",
      WEST,
      statement('{"Statement":"all"}'),
      /whose statements are objects, got "all"$/,
    ],
    [
      "a redrive policy that is not JSON",
      WEST,
      set("aws_sqs_queue_redrive_policy", { redrive_policy: "five" }),
      /aws_sqs_queue_redrive_policy\.\S+: 'redrive_policy' must be JSON, got "five"$/,
    ],
    [
      "a redrive policy without a receive count",
      WEST,
      set("aws_sqs_queue_redrive_policy", { redrive_policy: '{"deadLetterTargetArn":"arn:x"}' }),
      /redrive_policy: 'maxReceiveCount' must be a number, got nothing$/,
    ],
    [
      "an interpolation without its closing brace",
      WEST,
      set("aws_scheduler_schedule", { name: "${aws_x.y" }),
      /^api-us-west-2: aws_scheduler_schedule\.\S+\.name: expected a \} for each \$\{, got/,
    ],
    [
      "a template directive",
      WEST,
      set("aws_sqs_queue", { name: "%{ if true }a%{ endif }" }),
      /aws_sqs_queue\.\S+\.name: expected no directives such as %\{ if \}, got/,
    ],
    [
      "jsondecode() of a text that is not JSON",
      WEST,
      set("aws_sqs_queue", { name: '${jsondecode("{")}' }),
      /aws_sqs_queue\.\S+\.name: .*jsondecode\(\): must be JSON, got "\{"$/,
    ],
  ]);
});

describe("meta-arguments, and blocks that the drill would leave out", () => {
  refuses([
    ["a count", WEST, set("aws_sqs_queue", { count: 0 }), /aws_sqs_queue\.\S+: must be without 'count', .*got 0; /],
    ["a for_each", WEST, set("aws_sqs_queue", { for_each: ["a"] }), /must be without 'for_each', .*got \["a"\]; /],
    ["a dynamic block", WEST, set("aws_sqs_queue", { dynamic: { tags: {} } }), /must be without 'dynamic'/],
    ["a provisioner", WEST, set("aws_sqs_queue", { provisioner: [{}] }), /must be without 'provisioner'/],
    [
      "a count on a data source",
      DNS,
      (json) => {
        json.data.aws_route53_zone.Zone.count = 2;
      },
      /^failover-dns: data\.aws_route53_zone\.Zone: must be without 'count', which the drill does not model, got 2; declare each resource on its own$/,
    ],
    [
      "a module",
      WEST,
      (json) => {
        json.module = { queue: { source: "./queue" } };
      },
      /^api-us-west-2: module: expected one of .*, got a section that is not read; declare what is in it as resources of the stack$/,
    ],
    [
      "resources as a list",
      WEST,
      (json) => {
        json.resource = [json.resource];
      },
      /^api-us-west-2: resource: expected an object, got \[/,
    ],
    [
      "resources of one type as a list",
      WEST,
      (json) => {
        json.resource.aws_sqs_queue = [json.resource.aws_sqs_queue];
      },
      /^api-us-west-2: resource\.aws_sqs_queue: expected an object, got \[/,
    ],
    [
      "a role with managed policies",
      WEST,
      set("aws_iam_role", { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
      /aws_iam_role\.\S+: the drill does not model 'managed_policy_arns'/,
    ],
  ]);
});

describe("duplicate names that AWS refuses", () => {
  const twice = (type: string) => (json: AnyJson) => {
    json.resource[type].Copy = { ...first(json, type) };
  };
  refuses([
    [
      "two queues of one name",
      WEST,
      twice("aws_sqs_queue"),
      /^api-us-west-2: aws_sqs_queue\.Copy: 'name' must be unique, got "shop-example-payments", which api-us-west-2: aws_sqs_queue\.\S+ has as well; rename one$/,
    ],
    [
      "two functions of one name",
      WEST,
      twice("aws_lambda_function"),
      /aws_lambda_function\.Copy: 'function_name' must be unique, got/,
    ],
    [
      "two tables of one name",
      "global-data",
      twice("aws_dynamodb_table"),
      /aws_dynamodb_table\.Copy: 'name' must be unique, got/,
    ],
    [
      "two routes of one key",
      WEST,
      twice("aws_apigatewayv2_route"),
      /aws_apigatewayv2_route\.Copy: 'route_key' must be unique, got/,
    ],
    [
      "two roles in different regions",
      WEST,
      set("aws_iam_role", { name: "shop-example-cart-us-east-1" }),
      /aws_iam_role\.\S+: 'name' must be unique, got/,
    ],
  ]);
});

describe("values out of range", () => {
  refuses([
    [
      "a route without a path",
      WEST,
      set("aws_apigatewayv2_route", { route_key: "GET" }),
      /aws_apigatewayv2_route\.\S+: 'route_key' must be \$default, or a method and a path, got "GET"$/,
    ],
    [
      "an address record with a value that is not an address",
      DNS,
      set("aws_route53_record", { type: "A", records: ["gibberish"] }),
      /aws_route53_record\.\S+: 'records' must be addresses of IP version 4, got "gibberish"$/,
    ],
    [
      "an environment variable that is not a text",
      WEST,
      set("aws_lambda_function", { environment: { variables: { X: { a: 1 } } } }),
      /aws_lambda_function\.\S+: environment\[0\]: 'variables\.X' must be a text, got \{"a":1\}$/,
    ],
    [
      "an unknown record type",
      DNS,
      set("aws_route53_record", { type: "SSHFP" }),
      /aws_route53_record\.\S+: 'type' must be one of A, AAAA, .*, got "SSHFP"$/,
    ],
    [
      "HTTPS_STR_MATCH without a string",
      DNS,
      endpoint({ type: "HTTPS_STR_MATCH" }),
      /aws_route53_health_check\.\S+: 'search_string' must be a text, got nothing$/,
    ],
    ["HTTP_STR_MATCH without a string", DNS, endpoint({ type: "HTTP_STR_MATCH" }), /'search_string' must be a text/],
    ["an interval of 0", DNS, endpoint({ request_interval: 0 }), /'request_interval' must be 10 or 30, got 0$/],
    [
      "a threshold of 0",
      DNS,
      endpoint({ failure_threshold: 0 }),
      /'failure_threshold' must be a number from 1 to 10, got 0$/,
    ],
    [
      "a period of 0",
      DNS,
      set("aws_cloudwatch_metric_alarm", { period: 0 }),
      /aws_cloudwatch_metric_alarm\.\S+: 'period' must be a number from 1 to 86400, got 0$/,
    ],
    [
      "a rate of 0",
      WEST,
      set("aws_scheduler_schedule", { schedule_expression: "rate(0 minutes)" }),
      /'schedule_expression' must be rate\(.*got "rate\(0 minutes\)"$/,
    ],
    [
      "batches of 0",
      WEST,
      set("aws_lambda_event_source_mapping", { batch_size: 0 }),
      /'batch_size' must be a number from 1 to 10000, got 0$/,
    ],
    [
      "a runtime other than Node",
      WEST,
      set("aws_lambda_function", { runtime: "python3.13" }),
      /aws_lambda_function\.\S+: 'runtime' must be one of nodejs, .*got "python3\.13"$/,
    ],
    [
      "a table's key that is not an attribute",
      "global-data",
      set("aws_dynamodb_table", { hash_key: "gone" }),
      /^global-data: aws_dynamodb_table\.\S+: 'hash_key' must be one of the table's attributes .*, got "gone"$/,
    ],
  ]);
});
