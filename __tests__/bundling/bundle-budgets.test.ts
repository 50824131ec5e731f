import path from "node:path";
import {
  BUNDLE_BUDGETS_BYTES,
  bundleBudgetBytes,
  bundleBudgetLines,
  DEFAULT_BUDGET_BYTES,
} from "../../bundling/bundle-budgets";
import { bundleHandlers } from "../../bundling/bundle-handlers";
import { HANDLER_NAMES } from "../../constructs/functions/handler-names";

const ROOT = path.resolve(__dirname, "../..");

test("every handler's bundle is within its budget", async () => {
  const bundles = await bundleHandlers({ projectFolder: ROOT, handlerNames: HANDLER_NAMES });
  const exceeded = bundleBudgetLines(bundles).filter((line) => line.startsWith("✗"));
  expect(exceeded).toEqual([]);
  for (const name of HANDLER_NAMES) expect(bundles[name].codeBytes).toBeLessThanOrEqual(bundleBudgetBytes(name));
});

test("no budget is so wide that a package could hide in it", async () => {
  const bundles = await bundleHandlers({ projectFolder: ROOT, handlerNames: HANDLER_NAMES });
  for (const name of HANDLER_NAMES) expect(bundleBudgetBytes(name)).toBeLessThan(1.25 * bundles[name].codeBytes);
});

test("every budget names a handler that exists, and none is above the most there is", () => {
  expect(DEFAULT_BUDGET_BYTES).toBe(400_000);
  expect(Object.keys(BUNDLE_BUDGETS_BYTES).sort()).toEqual([...HANDLER_NAMES].sort());
  for (const bytes of Object.values(BUNDLE_BUDGETS_BYTES)) expect(bytes).toBeLessThanOrEqual(DEFAULT_BUDGET_BYTES);
});

test("a bundle at its budget is marked as met, one byte more as exceeded; a handler of your own has the default", () => {
  expect(
    bundleBudgetLines({
      live: { codeBytes: bundleBudgetBytes("live"), zipBytes: 1_000 },
      health: { codeBytes: bundleBudgetBytes("health") + 1, zipBytes: 76_488 },
      mine: { codeBytes: 400_000, zipBytes: 120_000 },
      "mine-too": { codeBytes: 400_001, zipBytes: 120_000 },
    }).map((line) => line.replaceAll(/ +/g, " ")),
  ).toEqual([
    " bundle code budget zip",
    "✓ live 2.2 kB 2.2 kB 1.0 kB",
    "✗ health 245.0 kB 245.0 kB 76.5 kB",
    "✓ mine 400.0 kB 400.0 kB 120.0 kB",
    "✗ mine-too 400.0 kB 400.0 kB 120.0 kB",
  ]);
});
