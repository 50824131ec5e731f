import { DeclarationError } from "../../../terraform-json/errors";
import { type Json, type JsonObject, objectAt } from "../../../terraform-json/json";
import type { Stack } from "../../../terraform-json/stack";
import { nameOf } from "../steps/step";
import { type Located, referredBlocks, resourcesOf } from "./referred-blocks";

/** One action that a role allows. */
export interface Grant {
  /** As written in the policy, including wildcards. */
  readonly action: string;
  readonly resources: readonly string[];
  /** CloudWatch namespaces that the statement is limited to; undefined for no limit. */
  readonly namespaces: readonly string[] | undefined;
  readonly policy: Located;
}

/** The role of a function or schedule; undefined when no stack declares it. */
export function roleOf(arn: Json | undefined, place: Located, stacks: readonly Stack[]): Located | undefined {
  return referredBlocks(arn, place.stack, stacks, `${place.block.address}.role`).find(
    ({ block }) => block.type === "aws_iam_role",
  );
}

/**
 * Lists every action that the role's policies allow. Deny statements are ignored: a denied action is still a step that the code may try.
 * @throws {DeclarationError} on a policy that the stacks do not contain, such as a managed policy of AWS
 */
export function grantsOf(role: Located, stacks: readonly Stack[]): Grant[] {
  for (const attribute of ["inline_policy", "managed_policy_arns"]) {
    if (role.block.body[attribute] !== undefined) throw unreadable(role, attribute);
  }
  const own = resourcesOf("aws_iam_role_policy", stacks).filter((policy) => isFor(role, policy, stacks));
  const attachments = resourcesOf("aws_iam_role_policy_attachment", stacks).filter((item) => isFor(role, item, stacks));
  const attached = attachments.map((attachment) => {
    const { stack, block } = attachment;
    const [policy] = referredBlocks(block.body["policy_arn"], stack, stacks, `${block.address}.policy_arn`);
    if (policy === undefined) throw unreadable(attachment, "policy_arn");
    return policy;
  });
  return [...own, ...attached].flatMap(grantsIn);
}

function isFor(role: Located, policy: Located, stacks: readonly Stack[]): boolean {
  const { stack, block } = policy;
  if (block.body["role"] === role.block.body["name"] && role.block.body["name"] !== undefined) return true;
  return referredBlocks(block.body["role"], stack, stacks, `${block.address}.role`).some(
    (referred) => nameOf(referred) === nameOf(role),
  );
}

function grantsIn(policy: Located): Grant[] {
  const where = `${nameOf(policy)}.policy`;
  return statementsOf(policy)
    .map((statement) => objectAt(where, statement))
    .filter((statement) => statement["Effect"] === "Allow")
    .flatMap((statement) => {
      const actions = texts(statement["Action"]);
      const named =
        actions.length > 0 ? actions : texts(statement["NotAction"]).map((action) => `*, but not ${action}`);
      if (named.length === 0) throw unreadable(policy, "policy");
      return named.map((action) => ({
        action,
        resources: texts(statement["Resource"]),
        namespaces: namespacesOf(statement),
        policy,
      }));
    });
}

function statementsOf(policy: Located): readonly Json[] {
  const text = policy.block.body["policy"];
  try {
    const document = objectAt(nameOf(policy), JSON.parse(String(text)) as Json);
    return [document["Statement"] ?? []].flat();
  } catch (cause) {
    throw unreadable(policy, "policy", cause);
  }
}

function namespacesOf(statement: JsonObject): string[] | undefined {
  const conditions = objectAt("Condition", statement["Condition"] ?? {});
  const bounds = ["StringEquals", "StringLike"].flatMap((operator) =>
    Object.entries(objectAt(operator, conditions[operator] ?? {}))
      .filter(([key]) => key.toLowerCase() === "cloudwatch:namespace")
      .flatMap(([, value]) => texts(value)),
  );
  return bounds.length === 0 ? undefined : bounds;
}

/** Whether the grant covers an action, given without wildcards. */
export function covers({ action }: Grant, wanted: string): boolean {
  return action.startsWith("*, but not ") || matchesWildcards(action, wanted);
}

/** IAM's `*` and `?`. */
export function matchesWildcards(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(text);
}

function texts(value: Json | undefined): string[] {
  return [value ?? []].flat().map(String);
}

function unreadable(place: Located, attribute: string, cause?: unknown): DeclarationError {
  return new DeclarationError(
    `${nameOf(place)}.${attribute}: expected a policy whose actions these stacks spell out, got ${JSON.stringify(place.block.body[attribute])?.slice(0, 80) ?? "none"}; write them into an aws_iam_role_policy`,
    cause === undefined ? {} : { cause },
  );
}
