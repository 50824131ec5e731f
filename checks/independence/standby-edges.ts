import { type Leaf, leaves, type Reference, references, withoutAddresses } from "../attributes";
import { type Block, type JsonObject, type SynthesizedStack, SynthesizedStacksError } from "../synthesized-stacks";
import type { FailoverPair } from "./failover-pair";
import { producerOf, stateOwner } from "./remote-state";

/** Something on the standby's serving path that leads into the primary region. */
export interface Edge {
  readonly stack: string;
  /** Address of the resource, or `terraform.backend` or `provider` of the stack. */
  readonly resource: string;
  readonly attribute: string;
  readonly value: string;
  /** The block the edge starts from, where it starts from one. */
  readonly block: Block | undefined;
  readonly primaryRegion: string;
  /** Stack that holds the failover records. */
  readonly failoverStack: string;
}

/** What was followed, and the edges found. */
export interface StandbyPath {
  readonly edges: readonly Edge[];
  /** How many blocks the standby's serving path has. */
  readonly blockCount: number;
}

/**
 * Follows everything the standby's serving path refers to, from the failover records: through references, remote states, and the
 * names and ARNs that stacks build rather than read. A stack that works in the standby region alone is followed whole.
 * @throws {SynthesizedStacksError} on a reference that no stack declares
 */
export function standbyEdges(stacks: readonly SynthesizedStack[], pair: FailoverPair): StandbyPath {
  const walk = new StandbyWalk(stacks, pair);
  walk.enterStack(pair.stack);
  return { edges: walk.edges, blockCount: walk.visited.size };
}

/** Blocks whose name alone leads functions to them, the attribute with the name, and the service in their ARNs. */
const NAMED_REPLICAS = [
  {
    type: "aws_dynamodb_table",
    arn: /^arn:aws:dynamodb:([a-z0-9-]+):\d{12}:table\/([^/*]+)/,
    replicaRegion: "region_name",
  },
  {
    type: "aws_secretsmanager_secret",
    arn: /^arn:aws:secretsmanager:([a-z0-9-]+):\d{12}:secret:(.+?)-\?{6}$/,
    replicaRegion: "region",
  },
] as const;

class StandbyWalk {
  readonly edges: Edge[] = [];
  readonly visited = new Set<string>();
  readonly #enteredStacks = new Set<string>();
  readonly #mentionsPrimary: RegExp;

  constructor(
    private readonly stacks: readonly SynthesizedStack[],
    private readonly pair: FailoverPair,
  ) {
    this.#mentionsPrimary = new RegExp(`(?<![a-z0-9-])${pair.primaryRegion}(?![0-9])`);
  }

  enterStack(stack: SynthesizedStack): void {
    if (this.#enteredStacks.has(stack.name)) return;
    this.#enteredStacks.add(stack.name);
    this.#scan(stack, "terraform.backend", undefined, stack.backend.config);
    const inStandby = stack.providers.every((provider) => provider["region"] === this.pair.standbyRegion);
    if (!inStandby) return;
    for (const { "//type": type, ...provider } of stack.providers)
      this.#scan(stack, `provider.${String(type)}`, undefined, provider);
    for (const block of stack.blocks.values()) this.#visit(stack, block);
  }

  #visit(stack: SynthesizedStack, block: Block): void {
    const id = `${stack.name}/${block.address}`;
    if (this.visited.has(id)) return;
    this.visited.add(id);
    this.enterStack(stack);
    if (block.type === "terraform_remote_state") this.#readState(stack, block);
    this.#scan(stack, block.address, block, block.body);
  }

  /** Looks at every text below a value: mentions of the primary region, references, ARNs of replicas. */
  #scan(stack: SynthesizedStack, resource: string, block: Block | undefined, body: JsonObject): void {
    for (const leaf of leaves(body)) {
      if (leaf.attribute === "provider") continue;
      if (this.#mentionsPrimary.test(withoutAddresses(leaf)))
        this.#edge(stack, resource, leaf.attribute, leaf.value, block);
      for (const reference of references(leaf)) this.#follow(stack, resource, block, leaf, reference);
      for (const named of NAMED_REPLICAS) this.#followName(stack, resource, block, leaf, named);
    }
  }

  #follow(stack: SynthesizedStack, resource: string, block: Block | undefined, leaf: Leaf, reference: Reference): void {
    const target = stack.blocks.get(reference.address);
    if (target === undefined) {
      throw new SynthesizedStacksError(
        `${stack.name}/${resource}.${leaf.attribute}: expected a declared block, got a reference to ${reference.address}`,
      );
    }
    if (target.type !== "terraform_remote_state") {
      this.#arrive(stack, target, () => this.#edge(stack, resource, leaf.attribute, leaf.value, block));
      return;
    }
    this.#visit(stack, target);
    if (!reference.rest.startsWith(".outputs.")) return;
    const produced = producerOf(target, reference.rest, this.stacks);
    for (const origin of leaves(produced.value).flatMap(references)) {
      const source = produced.stack.blocks.get(origin.address);
      if (source === undefined) {
        throw new SynthesizedStacksError(
          `${produced.stack.name}/output.${produced.name}: expected a declared block, got ${origin.address}`,
        );
      }
      this.#arrive(produced.stack, source, () => this.#edge(stack, resource, leaf.attribute, leaf.value, block));
    }
  }

  /** Goes on from a block that is somewhere else; what is in the primary region is reported and not followed. */
  #arrive(stack: SynthesizedStack, target: Block, report: () => void): void {
    if (target.region === this.pair.primaryRegion) report();
    else this.#visit(stack, target);
  }

  #readState(stack: SynthesizedStack, block: Block): void {
    const owner = stateOwner(block, this.stacks);
    const inPrimary = owner.providers.every((provider) => provider["region"] === this.pair.primaryRegion);
    if (inPrimary) this.#edge(stack, block.address, "config", `state of ${owner.name}`, block);
  }

  /** A table or secret is reached by an ARN of the standby region: its replica there is on the path, and its home an edge. */
  #followName(
    stack: SynthesizedStack,
    resource: string,
    block: Block | undefined,
    leaf: Leaf,
    named: (typeof NAMED_REPLICAS)[number],
  ): void {
    const [, region, name] = named.arn.exec(leaf.value) ?? [];
    if (name === undefined || region !== this.pair.standbyRegion) return;
    for (const owner of this.stacks) {
      for (const target of owner.blocks.values()) {
        if (target.type === named.type && target.body["name"] === name) {
          this.#visitReplica(owner, target, named.replicaRegion, () =>
            this.#edge(
              stack,
              resource,
              leaf.attribute,
              `${leaf.value} (no replica of ${target.address} in ${region})`,
              block,
            ),
          );
          return;
        }
      }
    }
    throw new SynthesizedStacksError(
      `${stack.name}/${resource}.${leaf.attribute}: expected a ${named.type} named ${name} in some stack, got none`,
    );
  }

  #visitReplica(stack: SynthesizedStack, target: Block, replicaRegion: string, reportMissing: () => void): void {
    if (target.region === this.pair.standbyRegion) {
      this.#visit(stack, target);
      return;
    }
    const replicas = [target.body["replica"] ?? []].flat() as readonly JsonObject[];
    const index = replicas.findIndex((replica) => replica[replicaRegion] === this.pair.standbyRegion);
    const replica = replicas[index];
    if (replica === undefined) {
      reportMissing();
      return;
    }
    const id = `${stack.name}/${target.address}.replica[${index}]`;
    if (this.visited.has(id)) return;
    this.visited.add(id);
    this.enterStack(stack);
    this.#edge(stack, target.address, "provider", target.region ?? "", target);
    this.#scan(stack, `${target.address}.replica[${index}]`, target, replica);
  }

  #edge(stack: SynthesizedStack, resource: string, attribute: string, value: string, block: Block | undefined): void {
    const { primaryRegion, stack: failover } = this.pair;
    this.edges.push({
      stack: stack.name,
      resource,
      attribute,
      value,
      block,
      primaryRegion,
      failoverStack: failover.name,
    });
  }
}
