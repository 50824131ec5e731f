/** What was measured of one handler. */
export interface HandlerRow {
  readonly name: string;
  readonly codeBytes: number;
  readonly zipBytes: number;
  readonly initMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly rawP50Ms: number;
  readonly stockBytes: number;
  readonly stockInitMs: number;
}

/** What a handler may add, at the median, to the calls that it makes. */
export const OVERHEAD_OBJECTIVE_MS = 1;

export function overheadMs({ p50Ms, rawP50Ms }: HandlerRow): number {
  return p50Ms - rawP50Ms;
}

export function meetsObjective(row: HandlerRow): boolean {
  return overheadMs(row) < OVERHEAD_OBJECTIVE_MS;
}

interface Column {
  readonly heading: string;
  cell(row: HandlerRow): string;
}

const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
const milliseconds = (ms: number) => `${ms.toFixed(2)} ms`;
const wholeMilliseconds = (ms: number) => `${ms.toFixed(0)} ms`;

const COLUMNS: readonly Column[] = [
  { heading: "minified", cell: ({ codeBytes }) => kilobytes(codeBytes) },
  { heading: "zip", cell: ({ zipBytes }) => kilobytes(zipBytes) },
  { heading: "init", cell: ({ initMs }) => wholeMilliseconds(initMs) },
  { heading: "p50", cell: ({ p50Ms }) => milliseconds(p50Ms) },
  { heading: "p99", cell: ({ p99Ms }) => milliseconds(p99Ms) },
  { heading: "raw p50", cell: ({ rawP50Ms }) => milliseconds(rawP50Ms) },
  {
    heading: `overhead < ${OVERHEAD_OBJECTIVE_MS} ms`,
    cell: (row) => `${milliseconds(overheadMs(row))} ${meetsObjective(row) ? "✓" : "✗"}`,
  },
  { heading: "stock bundle", cell: ({ stockBytes }) => kilobytes(stockBytes) },
  { heading: "stock init", cell: ({ stockInitMs }) => wholeMilliseconds(stockInitMs) },
];

/** A heading and a line for each handler, in columns as wide as their widest cell. */
export function tableLines(rows: readonly HandlerRow[]): string[] {
  const lines = [
    ["handler", ...COLUMNS.map(({ heading }) => heading)],
    ...rows.map((row) => [row.name, ...COLUMNS.map(({ cell }) => cell(row))]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  "),
  );
}
