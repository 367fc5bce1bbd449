/** What is said about one record of the file. A person's name is never repeated in it; ids are. */
export class RowNote {
  readonly line: number;
  /** What was put right. */
  readonly repairs: string[] = [];
  /** What somebody should look at, or why the record is left out. */
  readonly reasons: string[] = [];
  /** `filler` is a record that is none (a blank row, a title): left out and accounted for, yet nothing that `strict` stops at. */
  verdict: 'clean' | 'review' | 'reject' | 'filler' = 'clean';
  /** The id or barcode the record names, once it is known, never a person's name: a rejected record still says that its subject is in the file. */
  subject: string | undefined;

  constructor(line: number) {
    this.line = line;
  }

  repair(words: string): void {
    this.repairs.push(words);
  }

  review(words: string): void {
    this.reasons.push(words);
    if (this.verdict === 'clean') this.verdict = 'review';
  }

  reject(words: string): void {
    this.reasons.push(words);
    this.verdict = 'reject';
  }

  /** For a plan: it is made twice of one reading (preview, then apply), and its words must not pile up. */
  copy(): RowNote {
    const copy = new RowNote(this.line);
    copy.repairs.push(...this.repairs);
    copy.reasons.push(...this.reasons);
    copy.verdict = this.verdict;
    copy.subject = this.subject;
    return copy;
  }

  fill(words: string): void {
    this.reasons.push(words);
    this.verdict = 'filler';
  }
}

/** A record read and judged. Without a draft it is not written, and the note says why. */
export interface Judged<D> {
  readonly note: RowNote;
  readonly draft: D | undefined;
}
