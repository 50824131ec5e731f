import type { DeliberateEdge } from "./deliberate-edges";
import type { FailoverPair } from "./failover-pair";
import type { Edge, StandbyPath } from "./standby-edges";

/** What the check found. */
export interface IndependenceResult {
  readonly violations: readonly Edge[];
  readonly deliberate: readonly { readonly edge: Edge; readonly reason: string }[];
}

/** Splits the edges into deliberate ones, which are on the list, and violations. */
export function judge(path: StandbyPath, list: readonly DeliberateEdge[]): IndependenceResult {
  const judged = path.edges.map((edge) => ({ edge, reason: list.find(({ matches }) => matches(edge))?.reason }));
  return {
    violations: judged.filter(({ reason }) => reason === undefined).map(({ edge }) => edge),
    deliberate: judged.flatMap(({ edge, reason }) => (reason === undefined ? [] : [{ edge, reason }])),
  };
}

const LONGEST_VALUE = 72;

/** Renders the result as a table: each edge with its stack, resource, attribute and value, deliberate edges grouped by reason. */
export function renderReport(result: IndependenceResult, path: StandbyPath, pair: FailoverPair): string {
  const edges = [...result.violations, ...result.deliberate.map(({ edge }) => edge)];
  const widths = (["stack", "resource", "attribute"] as const).map((column) =>
    Math.max(column.length, ...edges.map((edge) => edge[column].length)),
  );
  const row = (mark: string, cells: readonly string[]) =>
    `${mark} ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd();
  const edgeRow = (mark: string, edge: Edge) =>
    row(mark, [edge.stack, edge.resource, edge.attribute, shorten(edge.value)]);
  const reasons = [...new Set(result.deliberate.map(({ reason }) => reason))];
  return [
    `Standby ${pair.standbyRegion} without ${pair.primaryRegion}: ${path.blockCount} blocks on its serving path`,
    "",
    row(" ", ["stack", "resource", "attribute", "value"]),
    ...result.violations.map((edge) => edgeRow("✗", edge)),
    ...reasons.flatMap((reason) => [
      `  ${reason}`,
      ...result.deliberate.filter((entry) => entry.reason === reason).map(({ edge }) => edgeRow("✓", edge)),
    ]),
    "",
    result.violations.length === 0
      ? `✓ no edge into ${pair.primaryRegion} besides ${result.deliberate.length} deliberate ones`
      : `✗ ${result.violations.length} ${result.violations.length === 1 ? "edge leads" : "edges lead"} into ${pair.primaryRegion}: the standby would fail with it`,
  ].join("\n");
}

function shorten(value: string): string {
  return value.length <= LONGEST_VALUE ? value : `${value.slice(0, LONGEST_VALUE - 1)}…`;
}
