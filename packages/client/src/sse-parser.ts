/** What a piece of an event stream amounts to: complete `data` payloads, and whether anything at all arrived. */
export class SseParser {
  #rest = '';

  /** Payloads completed by this piece. Comments and other fields only show that the stream lives. */
  push(piece: string): string[] {
    this.#rest += piece;
    const blocks = this.#rest.split(/\r\n\r\n|\n\n|\r\r/);
    this.#rest = blocks.pop()!;
    return blocks.map(dataOf).filter((data) => data !== undefined);
  }
}

function dataOf(block: string): string | undefined {
  const lines = block.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(line.startsWith('data: ') ? 6 : 5)).join('\n');
}
