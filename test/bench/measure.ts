/** One measured value, and how a list of them is shown. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MB" | "kB" | "/s";
  /** How many rounds it stands on. */
  readonly n: number;
  /** What it is compared with, measured in the same run. */
  readonly peer?: string;
  /** This value divided by the peer's. */
  readonly ratio?: number;
}

export interface Peer {
  readonly name: string;
  readonly value: number;
}

export const measured = (name: string, value: number, unit: Measured["unit"], n: number, peer?: Peer): Measured => {
  const rounded = Number(value.toPrecision(4));
  return peer === undefined ? { name, value: rounded, unit, n } : { name, value: rounded, unit, n, peer: peer.name, ratio: Number((value / peer.value).toPrecision(3)) };
};

/** `p` from 0 to 1, nearest rank. */
export const percentile = (samples: readonly number[], p: number): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
};

/** Milliseconds that `work` takes, `n` times, after one round that does not count. */
export const timings = async (n: number, work: (round: number) => unknown): Promise<number[]> => {
  await work(-1);
  const samples: number[] = [];
  for (let round = 0; round < n; round++) {
    const start = performance.now();
    await work(round);
    samples.push(performance.now() - start);
  }
  return samples;
};

export const table = (rows: readonly Measured[]): string => {
  const cells = [["what", "value", "n", "compared with", "ratio"], ...rows.map((row) => [row.name, `${row.value} ${row.unit}`, String(row.n), row.peer ?? "", row.ratio === undefined ? "" : `${row.ratio}x`])];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()).join("\n");
};
