import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { App, TerraformStack } from "cdktf";
import fc from "fast-check";
import { AWS_REGIONS } from "../../config/regions";
import { NAME_LIMITS, RefusedNamesError, refuseNames } from "../../stacks/name-limits";
import { SEED } from "../config/random-settings";
import { type AnyJson, exampleSettings, type Synthesized, scratchFolder, synthesize } from "../synthesize";

const LONGEST = { projectName: "a".repeat(20), environment: "e".repeat(12) };
const longestRegion = Math.max(...AWS_REGIONS.map(({ length }) => length));
const [primaryRegion = "", secondaryRegion = ""] = AWS_REGIONS.filter(({ length }) => length === longestRegion);

/** Every name that AWS limits, with its type. */
function names({ stacks }: Synthesized): [type: string, name: string][] {
  return Object.values<AnyJson>(stacks).flatMap((stack) =>
    Object.entries<AnyJson>(stack.resource).flatMap(([type, blocks]) => {
      const rule = NAME_LIMITS[type];
      if (rule === undefined) return [];
      return Object.values<AnyJson>(blocks).map(({ [rule.argument]: name }): [string, string] => [type, name]);
    }),
  );
}

/** Types whose resources have no name of their own, or one that is checked elsewhere: records are names of the hosted zone. */
const WITHOUT_NAME =
  /^aws_(?:acm_|apigatewayv2_(?:api_mapping|integration|route|stage)$|kms_key$|lambda_(?:event|function_event_invoke|permission)|route53_|sns_topic_subscription$|sqs_queue_redrive)/;

test("every synthesized type has limits for its name, or none of its own", () => {
  const { stacks } = synthesize(exampleSettings());
  const types = Object.values<AnyJson>(stacks).flatMap(({ resource }) => Object.keys(resource));
  expect(types.length).toBeGreaterThan(20);
  expect(types.filter((type) => !(type in NAME_LIMITS) && !WITHOUT_NAME.test(type))).toEqual([]);
});

test("the longest settings in the regions with the longest names make names that AWS takes", () => {
  const found = names(synthesize(exampleSettings({ ...LONGEST, primaryRegion, secondaryRegion })));
  expect(found.length).toBeGreaterThan(60);
  const roles = found.filter(([type]) => type === "aws_iam_role").map(([, name]) => name);
  expect(Math.max(...roles.map(({ length }) => length))).toBeLessThanOrEqual(64);
  expect(new Set(roles).size).toBe(roles.length); // IAM is global: no two of the regions' roles share a name.
});

test("no settings make a name that AWS refuses", () => {
  const settings = fc.record({
    projectName: fc.stringMatching(/^[a-z][a-z0-9-]{15,18}[a-z0-9]$/),
    environment: fc.stringMatching(/^[a-z][a-z0-9]{9,11}$/),
    regions: fc.uniqueArray(fc.constantFrom(...AWS_REGIONS), { minLength: 2, maxLength: 2 }),
  });
  fc.assert(
    fc.property(settings, ({ projectName, environment, regions: [primary, secondary] }) => {
      const input = exampleSettings({ projectName, environment, primaryRegion: primary, secondaryRegion: secondary });
      for (const [type, name] of names(synthesize(input))) {
        const { minimumLength = 0, maximumLength = 0, pattern = /$^/ } = NAME_LIMITS[type] ?? {};
        expect(name).toMatch(pattern);
        expect([name, name.length >= minimumLength && name.length <= maximumLength]).toEqual([name, true]);
      }
    }),
    { seed: SEED, numRuns: 3 },
  );
});

test("names that AWS refuses are faults of the settings, all at once, with their lengths and limits", () => {
  const app = new App({ outdir: scratchFolder() });
  const stack = new TerraformStack(app, "stack");
  new IamRole(stack, "Role", { name: "r".repeat(65), assumeRolePolicy: "{}" });
  new SqsQueue(stack, "Queue", { name: "a queue" });
  new SqsQueue(stack, "Fine", { name: "q".repeat(80) });
  let faults: RefusedNamesError["faults"] = [];
  try {
    refuseNames(app);
  } catch (error) {
    if (error instanceof RefusedNamesError) faults = error.faults;
  }
  expect(faults).toHaveLength(2);
  expect(faults[0]?.expected).toMatch(
    /^name of stack\/Role \(aws_iam_role\) to have 1 to 64 characters and to match .*\(docs\.aws\.amazon\.com\/IAM\//,
  );
  expect(faults[0]?.got).toBe(`"${"r".repeat(65)}", 65 characters; choose shorter ones`);
  expect(faults[1]?.got).toMatch(/^"a queue", 7 characters/);
});

test("a name that is an expression is refused: nobody could tell its length", () => {
  const stack = new TerraformStack(new App({ outdir: scratchFolder() }), "stack");
  const queue = new SqsQueue(stack, "Queue", { name: "q" });
  new IamRole(stack, "Role", { name: `${queue.name}-role`, assumeRolePolicy: "{}" });
  expect(() => refuseNames(stack)).toThrow(/^stack\/Role: 'name' must be a literal, .*, got an expression; /);
});
