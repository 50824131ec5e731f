import { DeclarationError } from "../../terraform-json/errors";
import { firstBlock, type JsonObject } from "../../terraform-json/json";
import { producerOf } from "../../terraform-json/remote-state";
import type { Block, Stack } from "../../terraform-json/stack";
import { leaves, references } from "../attributes";

/** The two regions of a failover, as its DNS records say. */
export interface FailoverPair {
  readonly primaryRegion: string;
  readonly standbyRegion: string;
  /** Stack that holds the records. */
  readonly stack: Stack;
  /** Stack that holds what the SECONDARY record points at; undefined when the record names its host literally. */
  readonly standbyStack: Stack | undefined;
}

/** Record types that route traffic. Other types, such as TXT, may fail over too, but only publish information. */
export const ADDRESS_TYPES: ReadonlySet<string> = new Set(["A", "AAAA", "CNAME"]);

/**
 * Finds the failover records and follows their targets to the regions that serve them.
 * @throws {DeclarationError} if there is no such pair, or a target leads nowhere
 */
export function findFailoverPair(stacks: readonly Stack[]): FailoverPair {
  const records = stacks.flatMap((stack) =>
    [...stack.blocks.values()]
      .filter(({ type, body }) => type === "aws_route53_record" && ADDRESS_TYPES.has(String(body["type"])))
      .map((block) => ({ stack, block, failover: failoverType(block.body) })),
  );
  const side = (type: "PRIMARY" | "SECONDARY") => {
    const found = records.find(({ failover }) => failover === type);
    if (found === undefined) {
      throw new DeclarationError(`expected an aws_route53_record with failover type ${type}, got none in any stack`);
    }
    return { ...found, target: recordTarget(found.block, found.stack, stacks) };
  };
  const primary = side("PRIMARY");
  const secondary = side("SECONDARY");
  if (primary.target.region === secondary.target.region) {
    throw new DeclarationError(
      `${secondary.stack.name}/${secondary.block.address}: expected a target in another region than the primary's, got ${secondary.target.region} for both`,
    );
  }
  return {
    primaryRegion: primary.target.region,
    standbyRegion: secondary.target.region,
    stack: secondary.stack,
    standbyStack: secondary.target.stack,
  };
}

/** `PRIMARY` or `SECONDARY` for a failover record, undefined for any other. */
export function failoverType(body: JsonObject): string | undefined {
  const type = firstBlock(body["failover_routing_policy"])?.["type"];
  return typeof type === "string" ? type : undefined;
}

export interface RecordTarget {
  readonly region: string;
  readonly stack: Stack | undefined;
}

/**
 * Finds the region and stack of the first AWS resource behind the record's target.
 * @throws {DeclarationError} if the target leads nowhere
 */
export function recordTarget(record: Block, stack: Stack, stacks: readonly Stack[]): RecordTarget {
  const targets = leaves(record.body["records"] ?? record.body["alias"] ?? []);
  for (const reference of targets.flatMap(references)) {
    const block = stack.blocks.get(reference.address);
    if (block?.type === "terraform_remote_state") {
      const produced = producerOf(block, reference.rest, stacks);
      const [origin] = leaves(produced.value).flatMap(references);
      const source = origin === undefined ? undefined : produced.stack.blocks.get(origin.address);
      if (source?.region !== undefined) return { region: source.region, stack: produced.stack };
    }
    if (block?.region !== undefined && block.type !== "aws_route53_zone") return { region: block.region, stack };
  }
  const literal = targets
    .map(({ value }) => /execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(value)?.[1])
    .find(Boolean);
  if (literal !== undefined) return { region: literal, stack: undefined };
  throw new DeclarationError(
    `${stack.name}/${record.address}: expected a target that leads to a region's API, got ${JSON.stringify(targets.map(({ value }) => value))}`,
  );
}
