import { setMaxListeners } from "node:events";
import { parseArgs } from "node:util";
import { CredentialsError, resolveCredentials } from "../failover/adapters/credentials";
import { askWithin } from "../failover/answer";
import { loopbackUrl, UsageError } from "../failover/options";
import { DeclarationError } from "../terraform-json/errors";
import { cdktfOut } from "../terraform-json/source";
import { sdkAccount } from "./account/adapters/aws";
import { internetThrough, publicInternet } from "./account/adapters/public-internet";
import { checkAccount } from "./account/check";
import { accountNeeds } from "./account/needs";
import { accountText, exitCode } from "./account/report";
import { checkableStacks } from "./checkable-stacks";

const USAGE = "npm run check:account -- [--cdktf-out DIR] [--endpoint URL] [--json]";

/** Milliseconds for one question; a region that does not answer holds up nothing but its own rows. */
const BOUND_MS = 10_000;

/** Where an emulator's account has no number of its own. */
const SOME_ACCOUNT = "123456789012";

/** `npm run check:account`: exit 0 when the account has what the stacks need, 1 when it has not, 2 when something could not be asked. */
async function main(args: readonly string[]): Promise<number> {
  const options = readArgs(args);
  const endpoint = options.endpoint === undefined ? undefined : loopbackUrl(options.endpoint);
  const needs = accountNeeds(checkableStacks(cdktfOut(options["cdktf-out"])));
  refuseStrayEndpoints(endpoint);
  const { credentials } = await resolveCredentials(needs.standbyRegion, endpoint);
  const accountId = needs.accountId ?? SOME_ACCOUNT;
  const account = sdkAccount({ accountId, endpoint, credentials }, needs.standbyRegion);
  const internet = endpoint === undefined ? publicInternet : internetThrough(endpoint);
  const aborter = new AbortController();
  setMaxListeners(0, aborter.signal);
  const findings = await checkAccount(needs, account, internet, askWithin(BOUND_MS, aborter.signal));
  process.stdout.write(options.json ? `${JSON.stringify({ findings }, undefined, 2)}\n` : accountText(findings));
  return exitCode(findings);
}

/** The SDK would follow them silently, and the table would be about another account. */
function refuseStrayEndpoints(endpoint: string | undefined): void {
  const stray = Object.keys(process.env).find(
    (name) => /^AWS_ENDPOINT_URL(?:_|$)/.test(name) && process.env[name] !== "",
  );
  if (stray === undefined || endpoint !== undefined) return;
  throw new UsageError(
    `${stray}: expected none, so that AWS is asked; got ${process.env[stray]}; unset it, or use --endpoint`,
  );
}

function readArgs(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        "cdktf-out": { type: "string", default: "cdktf.out" },
        endpoint: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    return values;
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}; ${USAGE}`);
  }
}

const EXPECTED = [DeclarationError, UsageError, CredentialsError];

process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

/** Ends once everything is written: a question that hangs in a dark region must not keep the command from ending. */
function exit(code: number): void {
  process.stdout.write("", () => process.exit(code));
}

main(process.argv.slice(2))
  .then(exit)
  .catch((error: unknown) => {
    const isExpected = EXPECTED.some((type) => error instanceof type);
    console.error(isExpected ? `check:account: ${(error as Error).message}` : error);
    exit(2);
  });
