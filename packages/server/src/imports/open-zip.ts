import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { tooLarge, unreadable } from './unreadable.ts';

/** Bounds of what a ZIP file may unfold to. A roster's ZIP has a dozen entries of a few megabytes; a bomb has one of gigabytes. */
const ZIP_LIMITS = { entries: 200, bytes: 64 * 1024 * 1024, ratio: 200 } as const;
/** Ratio counts only from here: a small file of equal lines compresses that well honestly. */
const RATIO_FROM_BYTES = 1024 * 1024;

/**
 * Unpacks the entries whose base name is wanted, by lower-case base name. Bounds are held both against what the directory says and against what
 * really comes out, so that a directory that lies gains nothing.
 */
export async function openZip(bytes: Buffer, wanted: (baseName: string) => boolean): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let zip: ZipFile;
  try {
    zip = await new Promise<ZipFile>((resolve, reject) => yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file))));
  } catch (error) {
    throw unreadable(`The ZIP file is damaged: ${(error as Error).message}.`);
  }
  try {
    if (zip.entryCount > ZIP_LIMITS.entries) throw tooLarge(`The ZIP file holds ${zip.entryCount} entries; at most ${ZIP_LIMITS.entries} are read.`, { ...ZIP_LIMITS });
    let total = 0;
    for await (const entry of entriesOf(zip)) {
      const name = entry.fileName.split('/').at(-1)!.toLowerCase();
      if (name === '' || entry.fileName.startsWith('__MACOSX/') || !wanted(name)) continue;
      if (files.has(name)) throw unreadable(`The ZIP file holds ${name} more than once. Leave the one that counts.`);
      if (entry.isEncrypted()) throw unreadable('The ZIP file is locked with a password. Save it without one.');
      refuseBomb(total + entry.uncompressedSize, entry.uncompressedSize, entry.compressedSize);
      const content = await unpack(zip, entry, ZIP_LIMITS.bytes - total);
      total += content.length;
      files.set(name, content);
    }
  } catch (error) {
    if (error instanceof Error && error.name !== 'Refusal') throw unreadable(`The ZIP file is damaged: ${error.message}.`);
    throw error;
  } finally {
    zip.close();
  }
  return files;
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      const settle = (end: () => void) => {
        zip.removeListener('entry', onEntry);
        zip.removeListener('end', onEnd);
        zip.removeListener('error', onError);
        end();
      };
      const onEntry = (found: Entry) => settle(() => resolve(found));
      const onEnd = () => settle(() => resolve(undefined));
      const onError = (error: Error) => settle(() => reject(error));
      zip.on('entry', onEntry).on('end', onEnd).on('error', onError);
      zip.readEntry();
    });
    if (!entry) return;
    yield entry;
  }
}

async function unpack(zip: ZipFile, entry: Entry, room: number): Promise<Buffer> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > room) throw bomb();
    chunks.push(chunk as Buffer);
  }
  refuseBomb(size, size, entry.compressedSize);
  return Buffer.concat(chunks);
}

function refuseBomb(total: number, size: number, packed: number): void {
  if (total > ZIP_LIMITS.bytes || (size > RATIO_FROM_BYTES && size > packed * ZIP_LIMITS.ratio)) throw bomb();
}

const bomb = () => tooLarge(`What the ZIP file unpacks to is too large: at most ${ZIP_LIMITS.bytes / 1024 / 1024} MB, and at most ${ZIP_LIMITS.ratio} times its packed size.`, { ...ZIP_LIMITS });
