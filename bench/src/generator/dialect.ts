/** What a client must say on one kind of server before events come. */
export interface Dialect {
  /** Data frames with payloads up to this size are heartbeats of the dialect and not counted. */
  readonly ignoreUpTo: number;
  opened(index: number): Step;
  received(text: string, index: number): Step;
}

export interface Step {
  readonly send?: readonly string[];
  readonly ready?: boolean;
}

/** Plain data by which another process names a dialect. */
export type DialectPlan =
  | { readonly kind: 'plain' }
  | { readonly kind: 'socket.io' }
  /** Client `i` takes entry `i` modulo the length of each list. */
  | { readonly kind: 'clms'; readonly topics: readonly string[]; readonly filters: readonly Readonly<Record<string, readonly string[]>>[] };

export function dialectOf(plan: DialectPlan): Dialect {
  switch (plan.kind) {
    case 'plain':
      return { ignoreUpTo: 0, opened: () => ({ ready: true }), received: () => ({}) };
    case 'socket.io':
      return { ignoreUpTo: 20, opened: () => ({}), received: (text) => (text.startsWith('0') ? { send: ['40'] } : { ready: text.startsWith('40') }) };
    case 'clms':
      return clms(plan.topics, plan.filters);
  }
}

function clms(topics: readonly string[], filterSets: readonly Readonly<Record<string, readonly string[]>>[]): Dialect {
  const waiting = new Map<number, number>();
  return {
    ignoreUpTo: 0,
    opened: () => ({}),
    received(text, index) {
      const { type } = JSON.parse(text) as { type: string };
      if (type === 'error') throw new Error(text);
      if (type === 'welcome') {
        waiting.set(index, topics.length);
        const filters = filterSets[index % filterSets.length];
        return { send: topics.map((topic) => JSON.stringify({ type: 'subscribe', data: { topic, ...(filters && { filters }), snapshot: false } })), ready: topics.length === 0 };
      }
      if (type !== 'subscribed') return {};
      const left = waiting.get(index)! - 1;
      waiting.set(index, left);
      return { ready: left === 0 };
    },
  };
}
