import type { Topology } from "../topology/topology";
import type { Fault } from "./faults/fault";
import type { DrillEvent } from "./measure/history";
import type { DrillOptions } from "./options";
import type { DrillProgress } from "./report/progress";

/** Declared seconds before the fault, and after its end. */
export interface Phases {
  readonly steadySeconds: number;
  readonly afterwardsSeconds: number;
}

export const USUAL_PHASES: Phases = { steadySeconds: 30, afterwardsSeconds: 60 };

export interface DrillWatcher {
  readonly onEvent: (event: DrillEvent) => void;
  readonly onProgress: (progress: DrillProgress) => void;
  /** Told what functions wrote and what they were denied. */
  readonly onNote: (region: string, text: string) => void;
  /** Told where operators reach the drill, once everything stands. */
  readonly onReady?: (operatorUrl: string) => void;
}

export interface DrillProps {
  readonly topology: Topology;
  readonly source: string;
  readonly fault: Fault;
  readonly options: DrillOptions;
  readonly watcher: DrillWatcher;
  readonly phases: Phases;
  /** Breaks the drill off. */
  readonly signal: AbortSignal;
  /** Wall time at which the whole command began. */
  readonly startedAtWallMs: number;
}
