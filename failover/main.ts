import { randomUUID } from "node:crypto";
import os from "node:os";
import { personAtTerminal, systemClock } from "./adapters/terminal";
import { EXIT } from "./exit-codes";
import { run, USUAL_TIMES } from "./run";

/** Ends once everything is written: a question that hangs in a dark region must not keep the command from ending. */
function exit(code: number): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

// What people on call need to read is below; which Node.js next year's SDK takes is not.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

const aborter = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => aborter.abort());

run(process.argv.slice(2), {
  ...USUAL_TIMES,
  env: process.env,
  person: personAtTerminal,
  clock: systemClock,
  signal: aborter.signal,
  user: os.userInfo().username,
  host: os.hostname(),
  newId: randomUUID,
})
  .then(exit)
  .catch((error: unknown) => {
    console.error(error);
    exit(EXIT.couldNotRun);
  });
