import type { Writable } from 'node:stream';

type Write = Writable['_write'];

/**
 * Makes a class of streams look at nothing after the first thing it found wrong.
 *
 * The receiver of `ws` (8.23.0) does not: when a broken frame is found among chunks that had to wait for an inflating one, Node hands it the
 * next of these chunks before the error is told, it reads on in the middle of the broken frame, and throws where nobody can catch it. A
 * client could end the process with three small writes.
 */
export function stopAtFirstError(streams: { readonly prototype: Writable }): void {
  const { prototype } = streams;
  // `_write` is the hook that Node calls a stream by; there is no other way in.
  // oxlint-disable no-underscore-dangle
  const write: Write = prototype._write;
  const broken = new WeakSet<Writable>();
  prototype._write = function (this: Writable, chunk: unknown, encoding: BufferEncoding, done: (error?: Error | null) => void) {
    if (broken.has(this)) {
      done();
      return;
    }
    write.call(this, chunk, encoding, (error) => {
      if (error) broken.add(this);
      done(error);
    });
  };
}
