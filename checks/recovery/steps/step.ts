import type { Located } from "../declared/referred-blocks";
import type { Operation, Plane } from "./operations";

/** What is wrong with a step. */
export interface Fault {
  /** `stack/address` of the block to change. */
  readonly resource: string;
  readonly reason: string;
  readonly remedy: string;
}

/** One step of a procedure. */
export interface Step {
  readonly what: string;
  readonly service: string;
  /** Region of the step; `global` for Route 53's data plane. */
  readonly region: string;
  readonly plane: Plane;
  /** AWS's page that documents the plane. */
  readonly page: string;
  /** `stack/address` of the blocks that declare it. */
  readonly resources: readonly string[];
  /** Whether the procedure waits for the step. A step that is only observed may get no answer. */
  readonly isNeeded: boolean;
  readonly faults: readonly Fault[];
}

/** Something that people or AWS do in an outage, step by step. */
export interface Procedure {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The region of Route 53's data plane, which is global. */
export const GLOBAL = "global";

export interface StepDetails {
  readonly what: string;
  readonly operation: Operation;
  readonly region: string;
  readonly from: readonly Located[];
  /** @default true */
  readonly isNeeded?: boolean;
  /** @default none */
  readonly faults?: readonly Fault[];
}

export function makeStep({ what, operation, region, from, isNeeded = true, faults = [] }: StepDetails): Step {
  const { service, plane, page } = operation;
  const resources = [...new Set(from.map(nameOf))];
  return { what, service, region, plane, page, resources, isNeeded, faults };
}

/** `stack/address`, the name of a block in messages and tables. */
export function nameOf({ stack, block }: Located): string {
  return `${stack.name}/${block.address}`;
}
