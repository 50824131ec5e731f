import { DeclarationError } from "../../terraform-json/errors";
import type { JsonObject } from "../../terraform-json/json";
import type { Reference } from "../../terraform-json/references";
import { producerOf, stateOwner } from "../../terraform-json/remote-state";
import type { Block, Provider, Stack } from "../../terraform-json/stack";
import { type Leaf, leaves, references, withoutAddresses } from "../attributes";
import { statedBackend } from "../checkable-stacks";
import { type FailoverPair, failoverType } from "./failover-pair";
import { type NamedReplica, namedReplicas } from "./named-replicas";

/** A position in the stacks. */
interface Place {
  readonly stack: Stack;
  /** Address of the resource, or `terraform.backend` or `provider.aws` of the stack. */
  readonly resource: string;
  readonly block: Block | undefined;
}

/** A dependency of the standby's serving path on the primary region. */
export interface Edge {
  readonly stack: string;
  readonly resource: string;
  readonly attribute: string;
  readonly value: string;
  /** The block the edge starts from, where it starts from one. */
  readonly block: Block | undefined;
  readonly primaryRegion: string;
  /** Stack that holds the failover records. */
  readonly failoverStack: string;
}

/** The result of following the serving path. */
export interface StandbyPath {
  readonly edges: readonly Edge[];
  /** Number of blocks on the standby's serving path. */
  readonly blockCount: number;
}

/**
 * Follows everything that the standby's serving path refers to: references, remote states, and names and ARNs that stacks build as
 * texts. It follows three kinds of stacks completely: the stack of the failover records, the stack behind the SECONDARY record, and
 * every stack whose providers are all in the standby region. Of the other stacks it follows only what is referred to.
 *
 * The check reads texts. It misses a region's name that an expression assembles, the region behind a host name that does not contain
 * one, and a resource named without an ARN (an S3 bucket, a table in a variable). The drill covers those cases.
 * @throws {DeclarationError} on a reference or an ARN that no stack declares
 */
export function standbyEdges(stacks: readonly Stack[], pair: FailoverPair): StandbyPath {
  const walk = new StandbyWalk(stacks, pair);
  walk.visitAll(pair.stack);
  if (pair.standbyStack !== undefined) walk.visitAll(pair.standbyStack);
  return { edges: walk.edges, blockCount: walk.visited.size };
}

/** An endpoint without a region in its name, such as https://sts.amazonaws.com, is in us-east-1. */
const GLOBAL_ENDPOINT = /https?:\/\/[a-z0-9-]+\.amazonaws\.com/i;

class StandbyWalk {
  readonly edges: Edge[] = [];
  readonly visited = new Set<string>();
  readonly #entered = new Set<Stack>();
  readonly #scannedProviders = new Set<Provider>();
  readonly #regionName: RegExp;

  constructor(
    private readonly stacks: readonly Stack[],
    private readonly pair: FailoverPair,
  ) {
    this.#regionName = new RegExp(`(?<![a-z0-9])${pair.primaryRegion}(?![0-9])`, "i");
  }

  visitAll(stack: Stack): void {
    this.#enter(stack);
    for (const block of stack.blocks.values()) this.#visit(stack, block);
  }

  /** A stack with anything on the path must keep its state outside the primary region. */
  #enter(stack: Stack): void {
    if (this.#entered.has(stack)) return;
    this.#entered.add(stack);
    this.#scan({ stack, resource: "terraform.backend", block: undefined }, statedBackend(stack).config);
    if (stack.providers.every(({ settings }) => settings["region"] === this.pair.standbyRegion)) this.visitAll(stack);
  }

  #visit(stack: Stack, block: Block): void {
    const id = `${stack.name}/${block.address}`;
    if (this.visited.has(id)) return;
    this.visited.add(id);
    this.#enter(stack);
    const place = { stack, resource: block.address, block };
    if (block.region === this.pair.primaryRegion) {
      this.#report(place, "provider", block.region);
      return;
    }
    if (block.provider !== undefined) this.#scanProvider(stack, block.provider);
    if (block.type === "terraform_remote_state") this.#readState(place, block);
    this.#scan(place, block.body);
  }

  #scanProvider(stack: Stack, provider: Provider): void {
    if (this.#scannedProviders.has(provider)) return;
    this.#scannedProviders.add(provider);
    const { type, alias, settings } = provider;
    const resource = ["provider", type, alias].filter(Boolean).join(".");
    this.#scan({ stack, resource, block: undefined }, settings);
  }

  /** Inspects every text in a value for mentions of the primary region, references, and ARNs of replicas. */
  #scan(place: Place, body: JsonObject): void {
    for (const leaf of leaves(body)) {
      if (leaf.attribute === "provider") continue;
      if (this.#mentionsPrimary(leaf)) this.#report(place, leaf.attribute, leaf.value);
      for (const reference of references(leaf)) this.#follow(place, leaf, reference);
      this.#followName(place, leaf);
    }
  }

  #mentionsPrimary(leaf: Leaf): boolean {
    const text = withoutAddresses(leaf);
    return this.#regionName.test(text) || (this.pair.primaryRegion === "us-east-1" && GLOBAL_ENDPOINT.test(text));
  }

  #follow(place: Place, leaf: Leaf, reference: Reference): void {
    const target = declared(place.stack, reference, `${place.resource}.${leaf.attribute}`);
    if (this.#bindsStandby(place, leaf, target)) this.#report(place, leaf.attribute, leaf.value);
    if (target.type !== "terraform_remote_state") {
      this.#arrive(place, leaf, place.stack, target);
      return;
    }
    this.#visit(place.stack, target);
    if (leaf.attribute.startsWith("depends_on[")) return;
    const produced = producerOf(target, reference.rest, this.stacks);
    for (const output of leaves(produced.value)) {
      if (this.#mentionsPrimary(output)) this.#report(place, leaf.attribute, `${leaf.value} (${output.value})`);
      for (const origin of references(output)) {
        this.#arrive(place, leaf, produced.stack, declared(produced.stack, origin, `output.${produced.name}`));
      }
    }
  }

  /** A SECONDARY record with the primary's health check becomes unhealthy with it; Route 53 then answers with the PRIMARY. */
  #bindsStandby(place: Place, { attribute }: Leaf, target: Block): boolean {
    const { block } = place;
    if (block === undefined || attribute !== "health_check_id" || failoverType(block.body) !== "SECONDARY")
      return false;
    return this.#watchesPrimary(place.stack, target);
  }

  /** Whether a health check, or one of its children, watches the primary. Terraform refuses cycles, so the recursion ends. */
  #watchesPrimary(stack: Stack, check: Block): boolean {
    return leaves(check.body).some(
      (leaf) =>
        this.#mentionsPrimary(leaf) ||
        references(leaf)
          .map(({ address }) => stack.blocks.get(address))
          .some((child) => child?.type === check.type && child !== check && this.#watchesPrimary(stack, child)),
    );
  }

  /** Continues from a block that is referred to. A block in the primary region is reported where it is used, and not followed. */
  #arrive(place: Place, leaf: Leaf, stack: Stack, target: Block): void {
    if (target.region === this.pair.primaryRegion) this.#report(place, leaf.attribute, leaf.value);
    else this.#visit(stack, target);
  }

  #readState(place: Place, block: Block): void {
    const owner = stateOwner(block, this.stacks);
    const inPrimary = owner.providers.every(({ settings }) => settings["region"] === this.pair.primaryRegion);
    if (inPrimary) this.#report(place, "config", `state of ${owner.name}`);
  }

  /** An ARN of the standby region names a table or secret: its replica there is on the path, and its home is an edge. */
  #followName(place: Place, leaf: Leaf): void {
    const named = namedReplicas(leaf.value, this.pair.standbyRegion, this.stacks);
    if (named === undefined) return;
    if (named.length === 0) {
      throw new DeclarationError(
        `${place.stack.name}/${place.resource}.${leaf.attribute}: expected the ARN of a table or secret that some stack declares, got ${leaf.value}`,
      );
    }
    for (const found of named) this.#visitReplica(place, leaf, found);
  }

  #visitReplica(place: Place, leaf: Leaf, { stack, home, replica }: NamedReplica): void {
    const { standbyRegion } = this.pair;
    if (home.region === standbyRegion) {
      this.#visit(stack, home);
      return;
    }
    if (replica === undefined) {
      this.#report(place, leaf.attribute, `${leaf.value} (no replica of ${home.address} in ${standbyRegion})`);
      return;
    }
    const resource = `${home.address}.replica[${replica.index}]`;
    if (this.visited.has(`${stack.name}/${resource}`)) return;
    this.visited.add(`${stack.name}/${resource}`);
    this.#enter(stack);
    this.#report({ stack, resource: home.address, block: home }, "provider", home.region ?? "");
    this.#scan({ stack, resource, block: home }, replica.body);
  }

  #report({ stack, resource, block }: Place, attribute: string, value: string): void {
    const { primaryRegion, stack: failover } = this.pair;
    const edge = { stack: stack.name, resource, attribute, value, block, primaryRegion, failoverStack: failover.name };
    this.edges.push(edge);
  }
}

/** Looks up the block that a reference names. */
function declared(stack: Stack, { address }: Reference, where: string): Block {
  const block = stack.blocks.get(address);
  if (block !== undefined) return block;
  throw new DeclarationError(
    `${stack.name}/${where}: expected a declared block, got a reference to ${address}; is a stack missing from the folder?`,
  );
}
