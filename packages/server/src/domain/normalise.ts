/** Characters that scanners and spreadsheets put around a value: white space, control characters, Code 39's start and stop sign. */
const AROUND_A_BARCODE = /^[\s\p{Cc}*]+|[\s\p{Cc}*]+$/gu;

/**
 * What two readings of one barcode have in common: letter case, what stands around it and the Code 39 asterisks do not count.
 * Blanks inside stay: "P 123" and "P" are two barcodes. Always text; leading zeros stay.
 */
export function barcodeKey(text: string): string {
  return tidyBarcode(text).toLowerCase();
}

/** A barcode as it is stored and shown: without what stands around it. */
export function tidyBarcode(text: string): string {
  return text.normalize('NFC').replace(AROUND_A_BARCODE, '');
}

/** The half of a value that a scanner sent twice in one go (`2024001220240012`), or undefined. */
export function halfOfDoubled(key: string): string | undefined {
  const half = key.slice(0, key.length / 2);
  return half.length >= 2 && half + half === key ? half : undefined;
}

/** A name as it is stored: composed characters, one blank between words, line breaks of a spreadsheet cell gone. */
export function tidyName(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** What a search compares: no case, no accents, one blank between words. "Peñaflor  Ana" and "penaflor ana" are the same. */
export function searchKey(...parts: readonly string[]): string {
  return tidyName(parts.join(' ')).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
