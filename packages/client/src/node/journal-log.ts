import { constants, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Action } from '../journal/action.ts';

/** A line of the file is not one, though others follow it: no crash leaves that behind, so somebody has to look. */
export class JournalDamagedError extends Error {
  override name = 'JournalDamagedError';
}

/** Only its owner may read it: the lines hold what was scanned. */
const MODE = 0o600;

/**
 * The states of commands, one JSON line each, in a file that only grows until it is written anew. A write is on the disk when its
 * promise resolves. A crash can leave only the end of the file half written; that end is cut off when it is opened again, and nothing
 * that was promised is in it.
 */
export class JournalLog {
  readonly #file: string;
  #handle: FileHandle;
  /** Up to here the file is whole; what a failed write may have left beyond is cut off before the next. */
  #bytes: number;
  #cut = false;
  lines: number;

  private constructor(file: string, handle: FileHandle, bytes: number, lines: number) {
    this.#file = file;
    this.#handle = handle;
    this.#bytes = bytes;
    this.lines = lines;
  }

  /** Opens the file, made if need be, and hands every state in it to `read`, in order. Throws `JournalDamagedError`. */
  static async open(file: string, read: (action: Action) => void): Promise<JournalLog> {
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT, MODE);
    try {
      const { actions, bytes } = wholeLines(await handle.readFile(), file);
      await handle.truncate(bytes);
      await handle.sync();
      await syncFolderOf(file);
      for (const action of actions) read(action);
      return new JournalLog(file, handle, bytes, actions.length);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async append(action: Action): Promise<void> {
    const line = lineOf(action);
    if (this.#cut) await this.#handle.truncate(this.#bytes);
    this.#cut = true;
    await writeWhole(this.#handle, line, this.#bytes);
    await this.#handle.datasync();
    this.#cut = false;
    this.#bytes += line.length;
    this.lines++;
  }

  /** Writes the file anew with these states alone. A crash leaves the old file or the new one, both whole. */
  async rewrite(actions: readonly Action[]): Promise<void> {
    const content = Buffer.concat(actions.map(lineOf));
    const fresh = `${this.#file}.new`;
    const handle = await open(fresh, 'w', MODE);
    try {
      await writeWhole(handle, content, 0);
      await handle.sync();
      await rename(fresh, this.#file);
      await syncFolderOf(this.#file);
    } catch (error) {
      await handle.close();
      throw error;
    }
    const before = this.#handle;
    this.#handle = handle;
    this.#bytes = content.length;
    this.#cut = false;
    this.lines = actions.length;
    await before.close();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const lineOf = (action: Action): Buffer => Buffer.from(`${JSON.stringify(action)}\n`);

/** The states in whole lines, and where those end. A torn end may be cut text, or zeros that the disk had not filled yet. */
function wholeLines(content: Buffer, file: string): { readonly actions: Action[]; readonly bytes: number } {
  const actions: Action[] = [];
  let bytes = 0;
  let torn = false;
  for (let from = 0, line = 1; from < content.length; line++) {
    const end = content.indexOf(0x0a, from);
    const action = end < 0 ? undefined : actionIn(content.toString('utf8', from, end));
    from = end < 0 ? content.length : end + 1;
    if (!action) {
      torn = true;
      continue;
    }
    if (torn) throw new JournalDamagedError(`${file}: a line before line ${line} cannot be read`);
    actions.push(action);
    bytes = from;
  }
  return { actions, bytes };
}

function actionIn(line: string): Action | undefined {
  try {
    const value = JSON.parse(line) as Partial<Action> | null;
    return typeof value?.id === 'string' && typeof value.workstation === 'string' && Number.isSafeInteger(value.sequence) && value.progress ? (value as Action) : undefined;
  } catch {
    return undefined; // the caller decides what a line means that is none
  }
}

async function writeWhole(handle: FileHandle, content: Buffer, at: number): Promise<void> {
  for (let written = 0; written < content.length; ) {
    written += (await handle.write(content, written, content.length - written, at + written)).bytesWritten;
  }
}

/** A new name in a folder is on the disk only when the folder is. Windows does so by itself and refuses the request. */
async function syncFolderOf(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
