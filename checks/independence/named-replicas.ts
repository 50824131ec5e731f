import { type Json, type JsonObject, objectAt } from "../../terraform-json/json";
import type { Block, Stack } from "../../terraform-json/stack";

/** A kind of replicated resource that functions reach by an ARN, which stacks build from its name. */
interface NamedReplicaKind {
  readonly type: string;
  /** The ARN's region and the name in it, which may hold IAM's wildcards. */
  readonly arn: RegExp;
  /** The part of an ARN that names a resource with this name. */
  readonly arnName: (name: string) => string;
  /** Attribute of a `replica` block that names its region. */
  readonly replicaRegion: string;
}

const KINDS: readonly NamedReplicaKind[] = [
  {
    type: "aws_dynamodb_table",
    arn: /^arn:aws:dynamodb:([a-z0-9-]+|\*):(?:\d{12}|\*):table\/([^/]+)/,
    arnName: (name) => name,
    replicaRegion: "region_name",
  },
  {
    type: "aws_secretsmanager_secret",
    arn: /^arn:aws:secretsmanager:([a-z0-9-]+|\*):(?:\d{12}|\*):secret:(.+)$/,
    arnName: (name) => `${name}-AbCdEf`, // Secrets Manager adds a hyphen and six characters to the name.
    replicaRegion: "region",
  },
];

/** A table or secret that an ARN names, and its replica in the ARN's region. */
export interface NamedReplica {
  readonly stack: Stack;
  readonly home: Block;
  /** The `replica` block's index and body; undefined when there is none for that region. */
  readonly replica: { readonly index: number; readonly body: JsonObject } | undefined;
}

/**
 * Finds what an ARN of the given region names, in all stacks.
 * @returns undefined when the text is not such an ARN; an empty list when no stack declares the resource
 */
export function namedReplicas(
  text: string,
  region: string,
  stacks: readonly Stack[],
): readonly NamedReplica[] | undefined {
  for (const kind of KINDS) {
    const [, arnRegion, pattern] = kind.arn.exec(text) ?? [];
    if (pattern === undefined || (arnRegion !== region && arnRegion !== "*")) continue;
    const matches = wildcard(pattern);
    return stacks.flatMap((stack) =>
      [...stack.blocks.values()]
        .filter(({ type, body }) => type === kind.type && matches.test(kind.arnName(String(body["name"]))))
        .map((home) => ({ stack, home, replica: replicaIn(home, region, kind) })),
    );
  }
  return undefined;
}

function replicaIn(home: Block, region: string, { replicaRegion }: NamedReplicaKind): NamedReplica["replica"] {
  const replicas = [home.body["replica"] ?? []]
    .flat()
    .map((replica) => objectAt(`${home.stack}/${home.address}.replica`, replica as Json));
  const index = replicas.findIndex((replica) => replica[replicaRegion] === region);
  const body = replicas[index];
  return body === undefined ? undefined : { index, body };
}

/** Turns IAM's wildcards into a regular expression. */
function wildcard(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`);
}
