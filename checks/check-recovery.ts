import { parseArgs } from "node:util";
import { DeclarationError } from "../terraform-json/errors";
import { cdktfOut } from "../terraform-json/source";
import { checkableStacks } from "./checkable-stacks";
import { checkRecovery, passes, type RecoveryResult } from "./recovery/check";
import { renderRecovery } from "./recovery/report";
import { DrillReportError } from "./recovery/time/drill-report";

const USAGE = "npm run check:recovery -- [--cdktf-out DIR] [--drill-report DIR] [--json]";

/** `npm run check:recovery`: exit 0 when operators and Route 53 can fail over and back without the primary and without control planes, 1 when not, 2 when the stacks do not say. */
function main(args: readonly string[]): number {
  const options = readArgs(args);
  const result = checkRecovery(checkableStacks(cdktfOut(options["cdktf-out"])), options["drill-report"]);
  console.log(options.json ? JSON.stringify(asJson(result), undefined, 2) : renderRecovery(result));
  return passes(result) ? 0 : 1;
}

/** The result without the stacks. */
function asJson({ pair, ...rest }: RecoveryResult) {
  return {
    primaryRegion: pair.primaryRegion,
    standbyRegion: pair.standbyRegion,
    passes: passes({ pair, ...rest }),
    ...rest,
  };
}

function readArgs(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        "cdktf-out": { type: "string", default: "cdktf.out" },
        "drill-report": { type: "string", default: "drill-report" },
        json: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}; ${USAGE}`, { cause });
  }
}

class UsageError extends Error {}

const EXPECTED = [DeclarationError, DrillReportError, UsageError];

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const isExpected = EXPECTED.some((type) => error instanceof type);
  console.error(isExpected ? `check:recovery: ${(error as Error).message}` : error);
  process.exitCode = 2;
}
