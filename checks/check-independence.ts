import { DeclarationError } from "../terraform-json/errors";
import { cdktfOut } from "../terraform-json/source";
import { checkableStacks } from "./checkable-stacks";
import { DELIBERATE_EDGES } from "./independence/deliberate-edges";
import { findFailoverPair } from "./independence/failover-pair";
import { judge, renderReport } from "./independence/report";
import { standbyEdges } from "./independence/standby-edges";

/** `npm run check:independence [-- <cdktf.out>]`: exit 0 when the standby works without the primary, 1 when it does not, 2 when the stacks do not say. */
function main(outdir: string): number {
  const stacks = checkableStacks(cdktfOut(outdir));
  const pair = findFailoverPair(stacks);
  const path = standbyEdges(stacks, pair);
  const result = judge(path, DELIBERATE_EDGES);
  console.log(renderReport(result, path, pair));
  return result.violations.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main(process.argv[2] ?? "cdktf.out");
} catch (error) {
  console.error(error instanceof DeclarationError ? `check:independence: ${error.message}` : error);
  process.exitCode = 2;
}
