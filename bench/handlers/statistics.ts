/** The smallest value that at least `share` of the values do not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("quantile: expected at least one value, got none; measure something first");
  return value;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
