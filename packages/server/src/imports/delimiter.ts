const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How many records are compared: the header and enough rows to outvote a comma in a name. */
const SAMPLE_RECORDS = 20;

/**
 * The character between cells: the one that cuts the first records into the most cells, the header's count agreeing with that of the rows.
 * Characters inside quotes do not count. A table of one column is called comma-separated.
 */
export function sniffDelimiter(text: string): Delimiter {
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const candidate of DELIMITERS) {
    const counts = countPerRecord(text, candidate);
    const header = counts[0] ?? 0;
    if (header === 0) continue;
    const agreeing = counts.filter((count) => count === header).length / counts.length;
    const score = header * (0.25 + agreeing);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

function countPerRecord(text: string, delimiter: string): number[] {
  const counts: number[] = [];
  let [count, quoted] = [0, false];
  for (let i = 0; i < text.length && counts.length < SAMPLE_RECORDS; i++) {
    const character = text[i];
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === delimiter) count++;
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[i + 1] === '\n') i++;
      counts.push(count);
      count = 0;
    }
  }
  if (count > 0) counts.push(count);
  return counts;
}

const NAMES: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' };
/** For reading by people. */
export const delimiterName = (delimiter: string): string => NAMES[delimiter] ?? delimiter;
