import { isMarcBinary } from './marc-binary.ts';
import { unreadable } from './unreadable.ts';

export type FileShape = 'zip' | 'marc' | 'xml' | 'text';

const SIGNATURES: readonly (readonly [readonly number[], string])[] = [
  [[0xd0, 0xcf, 0x11, 0xe0], 'an Excel workbook (.xls). Save it as CSV (UTF-8) and import that'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF document. Export the list as CSV and import that'],
  [[0x89, 0x50, 0x4e, 0x47], 'a picture'],
  [[0xff, 0xd8, 0xff], 'a picture'],
  [[0x1f, 0x8b], 'a gzip archive. Unpack it first'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7z archive. Unpack it, or pack it as ZIP'],
];

const WEB_PAGE = /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;

/** What kind of file the bytes are, by their own look and never by the file's name. */
export function sniffFile(bytes: Buffer): FileShape {
  if (bytes.length === 0) throw unreadable('The file is empty.');
  const known = SIGNATURES.find(([signature]) => signature.every((byte, index) => bytes[index] === byte));
  if (known) throw unreadable(`The file is ${known[1]}.`);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)) {
    if (bytes.includes('[Content_Types].xml')) throw unreadable('The file is an Excel or Word document. Save the sheet as CSV (UTF-8) and import that.');
    return 'zip';
  }
  if (isMarcBinary(bytes)) return 'marc';
  // Marks and the zero bytes of UTF-16 aside, markup begins alike in every encoding.
  const start = bytes.toString('latin1', 0, 1000).replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replaceAll('\0', '').trimStart();
  if (WEB_PAGE.test(start)) throw unreadable('The file is a web page, perhaps a sign-in page that was saved in place of the list. Sign in, download the list again and import that.');
  return start.startsWith('<') ? 'xml' : 'text';
}
