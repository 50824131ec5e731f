import { DeclarationError } from "../terraform-json/errors";
import { type Fields, isObject, type Json, type JsonObject } from "../terraform-json/json";
import type { PolicyStatement } from "./topology";

const STATEMENT_KEYS = ["Sid", "Effect", "Action", "Resource", "Condition"];
const NAMESPACE_KEY = "cloudwatch:namespace";
const LEADING_KEYS_KEY = "dynamodb:LeadingKeys";

/** Calls that name every item they touch by its key. A query names its partition in an expression, and a scan names none. */
const KEYED_ACTIONS = ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"].map((it) => `dynamodb:${it}`);

/**
 * Statements of a role's policy.
 * @throws {DeclarationError} for a statement with more than the drill evaluates
 */
export function readPolicyStatements(policy: Fields): PolicyStatement[] {
  const document = policy.optionalJson("policy");
  const statements = isObject(document) ? document["Statement"] : undefined;
  if (statements === undefined) return policy.fail("policy", "a policy with a Statement", document);
  return [statements].flat().map((statement) => {
    if (!isObject(statement)) return policy.fail("policy", "a policy whose statements are objects", statement);
    return statementOf(statement) ?? refuse(policy, statement);
  });
}

/** Undefined for a statement that has more than is evaluated. */
function statementOf(statement: JsonObject): PolicyStatement | undefined {
  const { Effect, Action, Resource, Condition } = statement;
  if (Object.keys(statement).some((key) => !STATEMENT_KEYS.includes(key))) return undefined;
  if ((Effect !== "Allow" && Effect !== "Deny") || Action === undefined || Resource === undefined) return undefined;
  const actions = [Action].flat().map(String);
  const limits = limitsOf(Condition, actions);
  if (limits === undefined) return undefined;
  return { effect: Effect, actions, resources: [Resource].flat().map(String), ...limits };
}

function refuse(policy: Fields, statement: JsonObject): never {
  throw new DeclarationError(
    `${policy.address}: a statement must have Effect, Action and Resource, and at most the condition ` +
      `{"StringEquals":{"${NAMESPACE_KEY}":...}}, or {"ForAllValues:StringEquals":{"${LEADING_KEYS_KEY}":...}} on ` +
      `${KEYED_ACTIONS.join(", ")}, which is all that the drill reads; got ${JSON.stringify(statement)}`,
  );
}

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * @returns undefined for any other condition
 */
function limitsOf(
  condition: Json | undefined,
  actions: readonly string[],
): Pick<PolicyStatement, "metricNamespaces" | "leadingKeys"> | undefined {
  if (condition === undefined) return {};
  const metricNamespaces = textsUnder(condition, "StringEquals", NAMESPACE_KEY);
  if (metricNamespaces !== undefined) return { metricNamespaces };
  const leadingKeys = textsUnder(condition, "ForAllValues:StringEquals", LEADING_KEYS_KEY);
  if (leadingKeys === undefined || !actions.every((action) => KEYED_ACTIONS.includes(action))) return undefined;
  return { leadingKeys };
}

/** The texts of a condition that has this operator and this key alone. */
function textsUnder(condition: Json, operator: string, key: string): string[] | undefined {
  if (!isObject(condition) || Object.keys(condition).join() !== operator) return undefined;
  const compared = condition[operator];
  if (!isObject(compared) || Object.keys(compared).join() !== key) return undefined;
  const values = [compared[key] ?? null].flat();
  return values.every((value) => typeof value === "string") ? values : undefined;
}
