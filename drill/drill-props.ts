import type { Topology } from "../topology/topology";
import type { Fault } from "./faults/fault";
import type { DrillEvent } from "./measure/history";
import type { DrillOptions } from "./options";
import type { DrillProgress } from "./report/progress";

/** Declared seconds before the fault, and after its end. A steady phase is longer where writes must grow older than the recovery point objective. */
export interface Phases {
  readonly steadySeconds: number;
  readonly afterwardsSeconds: number;
}

export const USUAL_PHASES: Phases = { steadySeconds: 30, afterwardsSeconds: 20 };

export interface DrillWatcher {
  readonly onEvent: (event: DrillEvent) => void;
  readonly onProgress: (progress: DrillProgress) => void;
  /** Receives each line that a function wrote and each call that it was denied. */
  readonly onNote: (region: string, text: string) => void;
  /** Receives the URL for operators once the local AWS has started. */
  readonly onReady?: (operatorUrl: string) => void;
}

export interface DrillProps {
  readonly topology: Topology;
  readonly source: string;
  readonly fault: Fault;
  readonly options: DrillOptions;
  readonly watcher: DrillWatcher;
  readonly phases: Phases;
  /** Aborts the drill. */
  readonly signal: AbortSignal;
  /** Wall time at which the command began. */
  readonly startedAtWallMs: number;
}
