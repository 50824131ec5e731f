import type { Bundle } from "./bundle-handlers";

/** For a handler that names no budget of its own, and the most that any may name. */
export const DEFAULT_BUDGET_BYTES = 400_000;

/**
 * Bytes of minified code that each handler may have, about a tenth above what it has. A cold start reads and compiles every byte, and
 * the standby's functions are cold on the day they are needed; a package that drags in another comes in unnoticed otherwise.
 *
 * When a bundle exceeds its budget, look first at what came in: esbuild's `metafile` with `analyzeMetafile` lists the bytes by file.
 * If it is worth its bytes, raise the budget here, and say in the commit what they buy.
 *
 * @see https://esbuild.github.io/api/#analyze
 */
export const BUNDLE_BUDGETS_BYTES: Readonly<Record<string, number>> = {
  health: 245_000,
  live: 2_200,
  cart: 285_000,
  checkout: 320_000,
  order: 272_000,
  "payment-worker": 308_000,
  sweep: 292_000,
  heartbeat: 256_000,
  "primary-watch": 239_000,
};

export type BundleSize = Pick<Bundle, "codeBytes" | "zipBytes">;

export function bundleBudgetBytes(handlerName: string): number {
  return BUNDLE_BUDGETS_BYTES[handlerName] ?? DEFAULT_BUDGET_BYTES;
}

export function isWithinBudget(handlerName: string, { codeBytes }: Pick<BundleSize, "codeBytes">): boolean {
  return codeBytes <= bundleBudgetBytes(handlerName);
}

/** A heading, and a line for each bundle, marked ✓ when it is within its budget and ✗ when it is not. */
export function bundleBudgetLines(bundles: Readonly<Record<string, BundleSize>>): string[] {
  const names = Object.keys(bundles);
  const nameWidth = Math.max("  bundle".length, ...names.map((name) => name.length + 2));
  const row = (name: string, code: string, budget: string, zip: string) =>
    `${name.padEnd(nameWidth)} ${code.padStart(10)} ${budget.padStart(10)} ${zip.padStart(10)}`;
  const lines = Object.entries(bundles).map(([name, bundle]) => {
    const mark = isWithinBudget(name, bundle) ? "✓" : "✗";
    const budget = kilobytes(bundleBudgetBytes(name));
    return row(`${mark} ${name}`, kilobytes(bundle.codeBytes), budget, kilobytes(bundle.zipBytes));
  });
  return [row("  bundle", "code", "budget", "zip"), ...lines];
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
