/** One measured value, and how a list of them is shown. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MB" | "kB" | "/s" | "";
  /** How many rounds it stands on. */
  readonly n: number;
  /** What it is compared with, measured in the same run. */
  readonly peer?: string;
  /** This value divided by the peer's. */
  readonly ratio?: number;
  /** What we want it to be, such as "at most 1.2x"; a benchmark prints whether it is met and never fails. */
  readonly goal?: string;
  readonly met?: boolean;
}

export interface Goal {
  readonly at: "most" | "least";
  readonly than: number;
  /** Compared with the ratio, or with the value itself. */
  readonly of: "ratio" | "value";
}

/** The measured value with its goal beside it. */
export const aimed = (row: Measured, { at, than, of }: Goal): Measured => {
  const found = of === "ratio" ? (row.ratio ?? Number.NaN) : row.value;
  return {
    ...row,
    goal: `at ${at} ${than}${of === "ratio" ? "x" : ` ${row.unit}`}`,
    met: at === "most" ? found <= than : found >= than,
  };
};

export interface Peer {
  readonly name: string;
  readonly value: number;
}

export const measured = (name: string, value: number, unit: Measured["unit"], n: number, peer?: Peer): Measured => {
  const rounded = Number(value.toPrecision(4));
  return peer === undefined
    ? { name, value: rounded, unit, n }
    : { name, value: rounded, unit, n, peer: peer.name, ratio: Number((value / peer.value).toPrecision(3)) };
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

const cellsOf = ({ name, value, unit, n, peer, ratio, goal, met }: Measured): string[] => [
  name,
  `${value} ${unit}`,
  String(n),
  peer ?? "",
  ratio === undefined ? "" : `${ratio}x`,
  goal ?? "",
  met === undefined ? "" : met ? "yes" : "no",
];

export const table = (rows: readonly Measured[]): string => {
  const cells = [["what", "value", "n", "compared with", "ratio", "goal", "met"], ...rows.map(cellsOf)];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};
