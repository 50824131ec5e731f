import type { Fault } from "./fault";
import { GRAY_FAULTS } from "./gray-faults";
import { REGION_FAULTS } from "./region-faults";
import { SWITCH_FAULTS } from "./switch-faults";

/** Every fault of the drill, in the order in which `--list` shows them. */
export const FAULTS: readonly Fault[] = [...REGION_FAULTS, ...SWITCH_FAULTS, ...GRAY_FAULTS];
