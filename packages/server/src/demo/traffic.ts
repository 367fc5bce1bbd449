import { randomUUID } from 'node:crypto';
import type { Cancel, Clock } from '@clms/realtime';
import { BURST, DAY, FIRST_MINUTE, REPEAT_SHARE, scansPerMinute } from './day.ts';
import type { Random } from './random.ts';

export interface TrafficOptions {
  /** Address of the server: the traffic goes through the same door as a scanner's. */
  readonly url: string;
  staffToken(): Promise<string>;
  readonly kioskToken: string;
  /** Minutes of the school's day per minute of the visitor's. */
  readonly speed: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly people: readonly { readonly id: string; readonly barcode: string }[];
  readonly books: readonly string[];
  readonly equipment: readonly string[];
  /** Who is inside when the traffic begins. */
  readonly inside: readonly { readonly id: string; readonly barcode: string }[];
  onError(error: unknown): void;
}

/** How often the day looks whether something happens. */
const BEAT_MS = 250;
const STATIONS_AT_FIRST = 9;
/** How long somebody stays, in minutes of the school's day. */
const STAY = { from: 12, to: 75 } as const;

/** Plays a school's day against a running server, again and again, until closed. */
export class Traffic {
  readonly #options: TrafficOptions;
  #minute = FIRST_MINUTE;
  #burstLeft = 0;
  /** People inside by id, with the minute they mean to leave. Bounded by the school's roster. */
  readonly #inside = new Map<string, { readonly barcode: string; readonly leaves: number }>();
  readonly #lent: string[] = [];
  #cancel: Cancel | undefined;
  #closed = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    for (const { id, barcode } of options.inside) this.#inside.set(id, { barcode, leaves: this.#minute + options.random.between(1, STAY.to) });
  }

  start(): void {
    this.#fillStations()
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => this.#beat());
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  #beat(): void {
    if (this.#closed) return;
    this.#step((BEAT_MS / 60_000) * this.#options.speed)
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => (this.#cancel = this.#options.clock.setTimer(BEAT_MS, () => this.#beat())));
  }

  async #step(minutes: number): Promise<void> {
    const { random } = this.#options;
    const before = this.#minute;
    this.#minute += minutes;
    if (before < BURST.minute && this.#minute >= BURST.minute) this.#burstLeft = BURST.scans;
    if (this.#minute >= DAY.closes) return this.#newDay();
    for (const [id, { barcode, leaves }] of this.#inside) if (leaves <= this.#minute) await this.#leave(id, barcode);
    // Half of the scans at the door are arrivals in this play: here, unlike in the log it follows, people also scan out.
    let arrivals = random.next() < scansPerMinute(this.#minute) * minutes ? 1 : 0;
    if (this.#burstLeft > 0) {
      arrivals += 1;
      this.#burstLeft -= 1;
    }
    for (let n = 0; n < arrivals; n++) await this.#arrive();
    if (this.#inside.size > 0 && random.next() < 0.04 * minutes) await this.#useStation();
    if (this.#inside.size > 0 && random.next() < 0.08 * minutes) await this.#borrow();
    if (this.#lent.length > 5 && random.next() < 0.07 * minutes) await this.#return();
  }

  async #fillStations(): Promise<void> {
    for (let n = 0; n < STATIONS_AT_FIRST; n++) await this.#useStation();
  }

  async #arrive(): Promise<void> {
    const { random, people } = this.#options;
    const person = random.pick(people);
    if (this.#inside.has(person.id)) return;
    this.#inside.set(person.id, { barcode: person.barcode, leaves: this.#minute + random.between(STAY.from, STAY.to) });
    await this.#scan(person.barcode, 'CHECK_IN');
    if (random.next() < REPEAT_SHARE) await this.#scan(person.barcode);
  }

  async #leave(id: string, barcode: string): Promise<void> {
    this.#inside.delete(id);
    await this.#scan(barcode, 'CHECK_OUT');
  }

  async #useStation(): Promise<void> {
    const { random, equipment } = this.#options;
    const [studentId] = random.pick([...this.#inside]);
    // Taken stations, spent minutes and open sessions are refused, as they would be at the desk.
    await this.#post(`/api/equipment/${random.pick(equipment)}/sessions`, { studentId, minutes: random.between(2, 20) }, [409]);
  }

  async #borrow(): Promise<void> {
    const { random, books } = this.#options;
    const [, { barcode }] = random.pick([...this.#inside]);
    const book = random.pick(books);
    await this.#post('/api/scans', { barcode, station: 'desk', intent: 'BORROW' });
    const answer = await this.#post('/api/scans', { barcode: book, station: 'desk', intent: 'BORROW' });
    if ((answer as { result?: string }).result === 'BORROWED') this.#lent.push(book);
  }

  async #return(): Promise<void> {
    const [barcode] = this.#lent.splice(this.#options.random.between(0, this.#lent.length - 1), 1);
    await this.#post('/api/scans', { barcode, station: 'desk', intent: 'RETURN' });
  }

  async #newDay(): Promise<void> {
    for (const [id, { barcode }] of this.#inside) await this.#leave(id, barcode);
    this.#minute = DAY.opens;
  }

  #scan(barcode: string, intent?: string): Promise<unknown> {
    return this.#post('/api/scans', { barcode, station: 'door', ...(intent && { intent }) }, [], this.#options.kioskToken);
  }

  async #post(path: string, body: unknown, refusals: readonly number[] = [], kioskToken?: string): Promise<unknown> {
    const token = kioskToken ?? (await this.#options.staffToken());
    const response = await fetch(this.#options.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok && !refusals.includes(response.status)) throw new Error(`POST ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}
