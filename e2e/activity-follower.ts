/**
 * Follows `activities` over a socket, over any number of servers on the same data, and writes down what ought not to happen. With
 * `mayLoseHistory` a snapshot instead of a replay is none of that; then what is in it counts as having come.
 */
export class ActivityFollower {
  readonly faults: string[] = [];
  /** Kinds of activity by person, in the order they came. */
  readonly byPerson = new Map<string, string[]>();
  count = 0;
  #position: { readonly epoch: string; readonly offset: number } | undefined;
  /** Of activities that came as events, and of those that stood in a snapshot, which may be ahead of the events. */
  readonly #told = new Set<string>();
  readonly #shown = new Set<string>();
  #socket: WebSocket | undefined;
  #wake: () => void = () => undefined;
  readonly #mayLoseHistory: boolean;
  #states: string[] = [];

  constructor({ mayLoseHistory = false } = {}) {
    this.#mayLoseHistory = mayLoseHistory;
  }

  /** Resolves when everything that was missed has come. From the second time on, that has to be a resume. */
  async follow(wsUrl: string, token: string): Promise<void> {
    const socket = new WebSocket(wsUrl, ['clms.v1', `bearer.${token}`]);
    this.#socket = socket;
    const since = this.#position;
    const subscribe = (): void => socket.send(JSON.stringify({ type: 'subscribe', data: { topic: 'activities', ...(this.#position ? { since: this.#position } : { snapshot: false }) } }));
    let ready = false;
    // Between a gap and the answer to the question that follows it, nothing can be placed.
    let waiting = false;
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      const message = JSON.parse(String(data)) as { type: string; topic?: string; offset: number; prev: number; data: any };
      if (message.type === 'gap') waiting = true;
      if (message.type === 'subscribed') waiting = false;
      if (message.type === 'welcome' || (message.type === 'gap' && this.#mayLoseHistory)) subscribe();
      else if (message.type === 'subscribed' && message.data.recovered !== true) this.#begin(message.data);
      else if (message.type === 'activity_update' && !waiting) this.#apply(message);
      else if (message.type === 'status') this.#states.push(message.data.server.state);
      else if (message.type === 'error' || message.type === 'gap') this.faults.push(JSON.stringify(message));
      ready ||= message.type === 'position' || (message.type === 'subscribed' && (!since || message.data.recovered !== true));
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

  /** What the server says of itself on this socket. */
  async state(): Promise<string> {
    this.#states = [];
    this.#socket!.send(JSON.stringify({ type: 'get_status', data: {} }));
    await this.#until(() => this.#states.length > 0);
    return this.#states[0] ?? 'silent';
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

  #begin({ epoch, offset, snapshot }: { epoch: string; offset: number; snapshot?: readonly any[] }): void {
    if (this.#position && !this.#mayLoseHistory) this.faults.push(`asked to resume at ${this.#position.offset}, was told to begin at ${offset}`);
    this.#position = { epoch, offset };
    // Newest first.
    for (const activity of (snapshot ?? []).toReversed()) if (!this.#told.has(activity.id) && !this.#shown.has(activity.id)) {
      this.#shown.add(activity.id);
      this.#count(activity);
    }
  }

  #apply({ offset, prev, data }: { offset: number; prev: number; data: any }): void {
    const { epoch, offset: before } = this.#position!;
    if (offset <= before || prev > before) this.faults.push(`at ${before} came ${offset}, which follows ${prev}`);
    if (this.#told.has(data.id)) this.faults.push(`activity ${data.id} came twice`);
    this.#told.add(data.id);
    this.#position = { epoch, offset };
    if (!this.#shown.has(data.id)) this.#count(data);
  }

  #count(data: any): void {
    this.count++;
    const kinds = this.byPerson.get(data.studentId) ?? [];
    kinds.push(data.activityType);
    this.byPerson.set(data.studentId, kinds);
  }
}
