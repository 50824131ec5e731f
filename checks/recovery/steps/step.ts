import type { Located } from "../declared/referred-blocks";
import type { Operation, Plane } from "./operations";

/** Something wrong with a step. */
export interface Fault {
  /** `stack/address` of what is to be changed. */
  readonly resource: string;
  readonly reason: string;
  readonly remedy: string;
}

/** One thing that happens in a procedure. */
export interface Step {
  readonly what: string;
  readonly service: string;
  /** Region that it happens in; `global` for Route 53's data plane. */
  readonly region: string;
  readonly plane: Plane;
  /** AWS's page that tells the plane. */
  readonly page: string;
  /** `stack/address` of what it comes from. */
  readonly resources: readonly string[];
  /** Whether the procedure waits for it. What is only looked at may go without an answer, or answer by its silence. */
  readonly isNeeded: boolean;
  readonly faults: readonly Fault[];
}

/** Something that people or AWS do in an outage, step by step. */
export interface Procedure {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** Route 53's data plane is in no region. */
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

/** `stack/address`, as messages and tables name a block. */
export function nameOf({ stack, block }: Located): string {
  return `${stack.name}/${block.address}`;
}
