import type { FailoverPair } from "../independence/failover-pair";
import { type Fault, GLOBAL, type Procedure, type Step } from "./steps/step";

/** A fault, with every step that it affects. */
export interface Problem extends Fault {
  readonly region: string;
  /** `failover by hand, step 2`, … */
  readonly steps: readonly string[];
}

/** A step that recovery needs must run in the standby or in Route 53's data plane, and in no control plane. */
export function placeFaults(step: Step, pair: FailoverPair): Fault[] {
  if (!step.isNeeded || step.faults.length > 0) return []; // The step has a more specific fault already.
  const [resource = ""] = step.resources;
  if (step.plane === "control") {
    const reason = `recovery needs the control plane of ${step.service}`;
    return [{ resource, reason, remedy: "prepare it beforehand, and recover by data planes alone" }];
  }
  if (step.region === GLOBAL || step.region === pair.standbyRegion) return [];
  const reason =
    step.region === pair.primaryRegion
      ? "recovery needs the region that has failed"
      : "recovery needs a third region, which can fail too";
  return [{ resource, reason, remedy: `move it to ${pair.standbyRegion}` }];
}

/** Adds the faults of place to every step of the procedures. */
export function judge(all: readonly Procedure[], pair: FailoverPair): Procedure[] {
  return all.map(({ name, steps }) => ({
    name,
    steps: steps.map((step) => ({ ...step, faults: [...step.faults, ...placeFaults(step, pair)] })),
  }));
}

/** Lists each fault once, with all the steps that it affects. */
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
