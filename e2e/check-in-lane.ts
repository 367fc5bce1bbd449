import { randomUUID } from 'node:crypto';
import type { Answer, Api } from './api.ts';

interface Command {
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
}

/** Lets one person in and out, again and again, over any number of servers; a command without an answer is sent again by the same key. */
export class CheckInLane {
  /** Commands that have an answer: in, out, in … */
  acknowledged = 0;
  readonly visitIds: string[] = [];
  readonly personId: string;
  #unanswered: Command | undefined;
  #newest: { readonly command: Command; readonly answer: Answer } | undefined;

  constructor(personId: string) {
    this.personId = personId;
  }

  get inside(): boolean {
    return this.acknowledged % 2 === 1;
  }

  /** Until the server does not answer any more. */
  async run(api: Api, acknowledged: () => void): Promise<void> {
    while (await this.#send(api)) acknowledged();
  }

  /** So many commands, each with its answer. */
  async times(api: Api, count: number): Promise<void> {
    for (let n = 0; n < count; n++) if (!(await this.#send(api))) throw new Error('a living server does not answer');
  }

  /** With a server that lives: the command without an answer, and the newest with one, whose answer must be the same again. */
  async settle(api: Api): Promise<void> {
    if (this.#newest) {
      const { command, answer } = this.#newest;
      const again = await api.post(command.path, command.body, command.key);
      if (again.status !== answer.status || JSON.stringify(again.body) !== JSON.stringify(answer.body)) throw new Error(`${command.path} was answered ${JSON.stringify(answer.body)} and then ${again.status} ${JSON.stringify(again.body)}`);
    }
    if (this.#unanswered && !(await this.#send(api))) throw new Error('a living server does not answer');
  }

  async #send(api: Api): Promise<boolean> {
    const command = (this.#unanswered ??= this.#next());
    const answer = await api.post(command.path, command.body, command.key).catch(() => undefined); // dead, or dying: the command stays
    if (!answer) return false;
    if (answer.status >= 300) throw new Error(`${command.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.#unanswered = undefined;
    this.#newest = { command, answer };
    if (!this.inside) this.visitIds.push(answer.body.id);
    this.acknowledged++;
    return true;
  }

  #next(): Command {
    const key = randomUUID();
    if (this.inside) return { path: `/api/visits/${this.visitIds.at(-1)}/checkout`, body: {}, key };
    return { path: '/api/visits', body: { studentId: this.personId, location: 'Main Library', override: true, reason: 'drill' }, key };
  }
}
