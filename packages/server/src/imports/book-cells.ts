/** Centavos of a price cell: `199`, `₱2,835.00`, `PHP 40.5`, `1.200,50`. Undefined when it is no amount. */
export function readPrice(text: string): number | undefined {
  const amount = text.replace(/^(?:₱|PHP|Php|P|\$|€|USD|EUR)\s*/u, '').replace(/\s/g, '');
  const decimalComma = /^\d{1,3}(?:\.\d{3})*,\d{1,2}$/.test(amount);
  const plain = decimalComma ? amount.replaceAll('.', '').replace(',', '.') : amount.replace(/,(?=\d{3}(?:\D|$))/g, '');
  if (!/^\d{1,9}(?:\.\d{1,2})?$/.test(plain)) return undefined;
  const [pesos = '0', cents = ''] = plain.split('.');
  return Number(pesos) * 100 + Number(cents.padEnd(2, '0'));
}

/** Before it, catalogues of school libraries hold nothing; a smaller number is a typing mistake. */
const EARLIEST_YEAR = 1800;

/**
 * A year of publication as cataloguers write it: `2006`, `[2016]`, `199?`, `c2002`, `1998-2001`. Undefined for anything else: years out of range and
 * pieces of a neighbouring cell.
 */
export function readYear(text: string, thisYear: number): string | undefined {
  const form = /^(\[?)(?:c|©|p)?\s?(\d{3}[\d?-])(?:\s?[-–/]\s?(\d{4}|\d{2}))?(\??\]?)\.?$/u.exec(text);
  if (!form) return undefined;
  const [, open = '', first = '', last, close = ''] = form;
  const year = Number(first.replace(/[?-]/, '0'));
  if (year < EARLIEST_YEAR || year > thisYear + 1) return undefined;
  return `${open}${first}${last ? `-${last}` : ''}${close}`;
}

/** The mark of a careless replace-all of "f" by the collection code: `warewolFIL`. */
export function damagedWord(text: string): string | undefined {
  return /\S*[a-z]FIL\b|\S*\bFIL[a-z]\S*/.exec(text)?.[0];
}
