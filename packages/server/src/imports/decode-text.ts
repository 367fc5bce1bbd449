import iconv from 'iconv-lite';
import { isMacRoman } from './mac-roman.ts';
import { unreadable } from './unreadable.ts';

type TextEncoding = 'UTF-8' | 'UTF-8 with BOM' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252' | 'Mac OS Roman';

export interface DecodedText {
  readonly text: string;
  readonly encoding: TextEncoding;
}

/** Share of control characters above which bytes are not text: a table has none but tabs and line ends. */
const CONTROL_LIMIT = 0.01;
/** How much of a file is looked at for guesses that every page of it would answer alike. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Finds the encoding of a text file and decodes it: a byte order mark decides, then the zero bytes that UTF-16 leaves between Latin letters,
 * then whether the whole is valid UTF-8. What is left is Windows-1252, which spreadsheets of Western systems write, unless its letters show that a
 * Mac wrote them.
 */
export function decodeText(bytes: Buffer): DecodedText {
  if (bytes.length === 0) throw unreadable('The file is empty.');
  const decoded = decode(bytes);
  refuseBinary(decoded.text.slice(0, SAMPLE_BYTES));
  return decoded;
}

function decode(bytes: Buffer): DecodedText {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { text: utf8(bytes.subarray(3)) ?? iconv.decode(bytes.subarray(3), 'win1252'), encoding: 'UTF-8 with BOM' };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: iconv.decode(bytes.subarray(2), 'utf-16le'), encoding: 'UTF-16LE' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { text: iconv.decode(bytes.subarray(2), 'utf-16be'), encoding: 'UTF-16BE' };
  const wide = bareUtf16(bytes);
  if (wide) return { text: iconv.decode(bytes, wide), encoding: wide };
  const text = utf8(bytes);
  if (text !== undefined) return { text, encoding: 'UTF-8' };
  return isMacRoman(bytes) ? { text: iconv.decode(bytes, 'macintosh'), encoding: 'Mac OS Roman' } : { text: iconv.decode(bytes, 'win1252'), encoding: 'Windows-1252' };
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8: exactly what was asked
  }
}

/** UTF-16 without a mark: nearly every second byte is zero, on one side only. */
function bareUtf16(bytes: Buffer): 'UTF-16LE' | 'UTF-16BE' | undefined {
  if (bytes.length < 4 || bytes.length % 2 !== 0) return undefined;
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) zeros[i % 2]!++;
  const half = sample.length / 2;
  const [even, odd] = [zeros[0]! / half, zeros[1]! / half];
  if (odd > 0.6 && even < 0.1) return 'UTF-16LE';
  return even > 0.6 && odd < 0.1 ? 'UTF-16BE' : undefined;
}

function refuseBinary(sample: string): void {
  let controls = 0;
  for (let i = 0; i < sample.length; i++) {
    const code = sample.charCodeAt(i);
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 0xfffd) controls++;
  }
  if (controls > Math.max(2, sample.length * CONTROL_LIMIT)) {
    throw unreadable('This is not a table: the bytes are neither text in UTF-8, UTF-16 or Windows-1252, nor a ZIP file, nor MARC records.');
  }
}
