export type Factors = Readonly<Record<string, readonly string[]>>;
export type Row = Readonly<Record<string, string>>;
type Choice = readonly [factor: string, level: string];

/** Two levels that cannot meet in one row, and why. */
export interface Impossible {
  readonly pair: readonly [Choice, Choice];
  readonly reason: string;
}

/** Rows in which every possible pair of levels of two factors occurs at least once: far fewer than all combinations. Greedy, and the same every time. */
export function coveringArray(factors: Factors, impossible: readonly Impossible[]): Row[] {
  const open = new Map(pairsOf(factors, impossible).map((pair) => [keyOf(...pair), pair]));
  const rows: Row[] = [];
  for (let next = open.values().next(); !next.done; next = open.values().next()) {
    const row: Record<string, string> = Object.fromEntries(next.value);
    for (const [factor, levels] of Object.entries(factors)) {
      if (factor in row) continue;
      const fitting = levels.filter((level) => Object.entries(row).every((other) => !isImpossible(impossible, [factor, level], other)));
      if (fitting.length === 0) throw new Error(`no level of ${factor} can meet ${JSON.stringify(row)}`);
      const gain = (level: string): number => Object.entries(row).filter((other) => open.has(keyOf([factor, level], other))).length;
      row[factor] = fitting.reduce((best, level) => (gain(level) > gain(best) ? level : best));
    }
    for (const pair of pairsIn(row)) open.delete(keyOf(...pair));
    rows.push(row);
  }
  return rows;
}

/** Every pair of levels that can meet. */
export function pairsOf(factors: Factors, impossible: readonly Impossible[]): [Choice, Choice][] {
  const choices = Object.entries(factors).flatMap(([factor, levels]) => levels.map((level): Choice => [factor, level]));
  return choices.flatMap((one) => choices.filter((other) => one[0] < other[0] && !isImpossible(impossible, one, other)).map((other): [Choice, Choice] => [one, other]));
}

export function pairsIn(row: Row): [Choice, Choice][] {
  return pairsOf(Object.fromEntries(Object.entries(row).map(([factor, level]) => [factor, [level]])), []);
}

export function keyOf(one: Choice, other: Choice): string {
  return [one.join('='), other.join('=')].toSorted().join(' ');
}

function isImpossible(impossible: readonly Impossible[], one: Choice, other: Choice): boolean {
  return impossible.some(({ pair }) => keyOf(...pair) === keyOf(one, other));
}
