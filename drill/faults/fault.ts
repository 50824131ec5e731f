import type { Breakable } from "./breakable";

/** Usual duration of a fault that judges recovery times, in declared seconds: browsers may take more than two minutes to recover. */
export const JUDGING_SECONDS = 150;

/** One way in which a deployment can break. */
export interface Fault {
  readonly name: string;
  readonly description: string;
  /** The required outcome, for people. */
  readonly expectation: string;
  /** Whether Route 53 must answer with the standby; undefined where both are right. */
  readonly mustFailOver: boolean | undefined;
  /** Why this fault cannot judge the recovery time objective, for people; undefined where it can. */
  readonly whyNoRecoveryTime?: string;
  /** An operator moves the traffic with the switch; no health check has to detect anything. */
  readonly isByHand?: true;
  /** The health path stays green: an alarm must ring, and the standby must serve after standing down. */
  readonly isGray?: true;
  /** Whether traffic must stay with the standby until an operator releases the primary. */
  readonly staysAway?: "always" | "when latched";
  /** No client keeps its address beyond the TTL. Other faults measure what clients that do so lose. */
  readonly everybodyHonoursTtl?: true;
  /** Each customer has a second device that writes in a standby, so that regions change the same carts at one time. */
  readonly everyRegionWritten?: true;
  /** The fault itself takes the recovery point; otherwise it is taken when the fault begins. */
  readonly marksRecoveryPoint?: true;
  /** Default duration in declared seconds. */
  readonly usualDurationSeconds?: number;
  /** Breaks the deployment for a number of declared seconds, and repairs it. */
  run(deployment: Breakable, durationSeconds: number): Promise<void>;
}
