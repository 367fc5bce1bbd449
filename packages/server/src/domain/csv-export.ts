/** Text a spreadsheet would take for a formula: such a cell gets an apostrophe before it, so that opening an export runs nothing [IMP3]. */
const FORMULA = /^[=+\-@\t\r]/;

/** A table as RFC 4180 text: CRLF, quotes doubled, formulas disarmed. Numbers are written as they are, null and undefined as nothing. */
export function toCsv(columns: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
