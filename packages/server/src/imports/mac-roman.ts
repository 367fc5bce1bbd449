/** Letters seen before the file is believed to be a Mac's: one may be a slip of the pen. */
const ENOUGH = 3;
/** Of Windows: the euro sign and the apostrophe, which stand between letters in any file. Of a Mac: Ä and í. They tell nothing. */
const SILENT = new Set([0x80, 0x92]);
/**
 * What Windows has here does stand in words now and then: ƒ, …, ‘, •, – and —, š, œ and ž (0x83, 0x85, 0x91, 0x95–0x97, 0x9A, 0x9C, 0x9E). They
 * count before small letters only, and less.
 */
const WEAK = new Set([0x83, 0x85, 0x91, 0x95, 0x96, 0x97, 0x9a, 0x9c, 0x9e]);

/**
 * Whether bytes that are not UTF-8 were written by Excel on a Mac (Mac OS Roman) and not by Windows-1252. Between two letters of a word the one
 * has its accents at 0x80–0x9F (ñ is 0x96), where the other has dashes, quotation marks and a few rare letters; the other's accents are at
 * 0xC0–0xFF.
 */
export function isMacRoman(bytes: Uint8Array): boolean {
  let mac = 0;
  let windows = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80) continue;
    const [before, after] = [bytes[i - 1] ?? 0, bytes[i + 1] ?? 0];
    const inWord = isLetter(before) && isLetter(after);
    if (byte >= 0xc0) windows += isLetter(before) || isLetter(after) ? 1 : 0;
    else if (byte <= 0x9f) {
      if (!inWord) windows += byte >= 0x91 && byte <= 0x97 ? 1 : 0;
      else if (WEAK.has(byte)) mac += isSmall(after) ? 1 : 0;
      else if (!SILENT.has(byte)) mac += ENOUGH;
    }
  }
  return mac >= ENOUGH && mac > windows * 2;
}

const isSmall = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
const isLetter = (byte: number): boolean => isSmall(byte) || (byte >= 0x41 && byte <= 0x5a);
