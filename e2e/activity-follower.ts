/** Follows `activities` over a socket, over any number of servers on the same data, and writes down what ought not to happen. */
export class ActivityFollower {
  readonly faults: string[] = [];
  /** Kinds of activity by person, in the order they came. */
  readonly byPerson = new Map<string, string[]>();
  count = 0;
  #position: { readonly epoch: string; readonly offset: number } | undefined;
  readonly #ids = new Set<string>();
  #socket: WebSocket | undefined;
  #wake: () => void = () => undefined;

  /** Resolves when everything that was missed has come. From the second time on, that has to be a resume. */
  async follow(wsUrl: string, token: string): Promise<void> {
    const socket = new WebSocket(wsUrl, ['clms.v1', `bearer.${token}`]);
    this.#socket = socket;
    const since = this.#position;
    let ready = false;
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      const message = JSON.parse(String(data)) as { type: string; topic?: string; offset: number; prev: number; data: any };
      if (message.type === 'welcome') socket.send(JSON.stringify({ type: 'subscribe', data: { topic: 'activities', snapshot: false, ...(since && { since }) } }));
      else if (message.type === 'subscribed' && !since) this.#position = { epoch: message.data.epoch, offset: message.data.offset };
      else if (message.type === 'subscribed' && message.data.recovered !== true) this.faults.push(`asked to resume at ${since!.offset}, was told ${JSON.stringify(message.data)}`);
      else if (message.type === 'activity_update') this.#apply(message);
      else if (message.type === 'error') this.faults.push(JSON.stringify(message.data));
      ready ||= message.type === 'position' || (message.type === 'subscribed' && !since);
      this.#wake();
    });
    // A server that is killed says no goodbye; who waits then waits for the next one.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', () => this.#socket === socket && !ready && this.#fail('the socket closed before it was ready'));
    await this.#until(() => ready);
  }

  /** Resolves when so many activities have come, or something is wrong. */
  reached(count: number): Promise<void> {
    return this.#until(() => this.count >= count);
  }

  close(): void {
    this.#socket?.close();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && this.faults.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #fail(fault: string): void {
    this.faults.push(fault);
    this.#wake();
  }

  #apply({ offset, prev, data }: { offset: number; prev: number; data: any }): void {
    const { epoch, offset: before } = this.#position!;
    if (offset <= before || prev > before) this.faults.push(`at ${before} came ${offset}, which follows ${prev}`);
    if (this.#ids.has(data.id)) this.faults.push(`activity ${data.id} came twice`);
    this.#ids.add(data.id);
    this.#position = { epoch, offset };
    this.count++;
    const kinds = this.byPerson.get(data.studentId) ?? [];
    kinds.push(data.activityType);
    this.byPerson.set(data.studentId, kinds);
  }
}
