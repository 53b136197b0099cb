/** What a measurement returns, and the little arithmetic it needs. */
export interface Figure {
  readonly value: number;
  readonly unit: string;
}

export type Figures = Record<string, Figure>;

/** The middle value; of an even count the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Rounded to `digits` after the point. */
export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
