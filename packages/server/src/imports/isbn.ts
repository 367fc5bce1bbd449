/** What became of an ISBN cell. `isbn` is text without hyphens, or the cell as it was where no check digit agrees. */
export type ReadIsbn =
  | { readonly kind: 'none' }
  | { readonly kind: 'valid'; readonly isbn: string }
  | { readonly kind: 'repaired'; readonly isbn: string; readonly how: string }
  | { readonly kind: 'doubtful'; readonly isbn: string };

/** A spreadsheet drops leading zeros of what it takes for a number: no ISBN-10 in use begins with more than four. */
const LOST_ZEROS = 4;

/**
 * Reads an ISBN as catalogues hold it: with hyphens, a qualifier in parentheses, or without the zeros a spreadsheet dropped. Zeros are put back
 * only where the check digit proves them.
 */
export function readIsbn(text: string): ReadIsbn {
  const cell = text.trim();
  if (cell === '') return { kind: 'none' };
  const bare = cell.replace(/\([^)]*\)/g, '').replace(/^ISBN(-1[03])?:?/i, '').replace(/[-\u2010-\u2015\s]/g, '').toUpperCase();
  if (isIsbn(bare)) return bare === cell ? { kind: 'valid', isbn: bare } : { kind: 'repaired', isbn: bare, how: 'written without hyphens and qualifiers' };
  const missing = 10 - bare.length;
  if (missing >= 1 && missing <= LOST_ZEROS) {
    const restored = '0'.repeat(missing) + bare;
    if (isIsbn(restored)) return { kind: 'repaired', isbn: restored, how: missing === 1 ? 'a lost leading zero was put back, its check digit agrees' : `${missing} lost leading zeros were put back, the check digit agrees` };
  }
  return { kind: 'doubtful', isbn: cell };
}

/** Whether text is an ISBN-10 or ISBN-13 whose check digit agrees. */
export function isIsbn(text: string): boolean {
  if (/^\d{9}[\dX]$/.test(text)) return weighted(text, (index) => 10 - index) % 11 === 0;
  return /^97[89]\d{10}$/.test(text) && weighted(text, (index) => (index % 2 === 0 ? 1 : 3)) % 10 === 0;
}

function weighted(text: string, weight: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += weight(index) * (text[index] === 'X' ? 10 : Number(text[index]));
  return sum;
}
