import type { FailoverPair } from "../independence/failover-pair";
import { type Fault, GLOBAL, type Procedure, type Step } from "./steps/step";

/** A fault with every place where it stands in the way. */
export interface Problem extends Fault {
  readonly region: string;
  /** `failover by hand, step 2`, … */
  readonly steps: readonly string[];
}

/** A step that recovery needs must be in the standby, or in Route 53's data plane, and in no control plane. */
export function placeFaults(step: Step, pair: FailoverPair): Fault[] {
  if (!step.isNeeded || step.faults.length > 0) return []; // What is wrong is said already, and more closely.
  const [resource = ""] = step.resources;
  if (step.plane === "control") {
    const reason = `recovery needs the control plane of ${step.service}`;
    return [{ resource, reason, remedy: "prepare it beforehand, and recover by data planes alone" }];
  }
  if (step.region === GLOBAL || step.region === pair.standbyRegion) return [];
  const reason =
    step.region === pair.primaryRegion
      ? "recovery needs the region that it recovers from"
      : "recovery needs a third region, which is one more that can fail";
  return [{ resource, reason, remedy: `move it to ${pair.standbyRegion}` }];
}

/** The procedures with every step's faults, those of place among them. */
export function judge(all: readonly Procedure[], pair: FailoverPair): Procedure[] {
  return all.map(({ name, steps }) => ({
    name,
    steps: steps.map((step) => ({ ...step, faults: [...step.faults, ...placeFaults(step, pair)] })),
  }));
}

/** Each fault once, with all the steps that it is in. */
export function problemsOf(judged: readonly Procedure[]): Problem[] {
  const problems = new Map<string, { problem: Problem; steps: string[] }>();
  for (const { name, steps } of judged) {
    steps.forEach((step, index) => {
      for (const fault of step.faults) {
        const key = JSON.stringify([fault.resource, fault.reason]);
        const known = problems.get(key) ?? { problem: { ...fault, region: step.region, steps: [] }, steps: [] };
        known.steps.push(`${name}, step ${index + 1}`);
        problems.set(key, known);
      }
    });
  }
  return [...problems.values()].map(({ problem, steps }) => ({ ...problem, steps }));
}
