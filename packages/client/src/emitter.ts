import type { Environment } from './environment.ts';

/** Listeners of one kind of news. A listener that throws is logged and does not keep the others from hearing. */
export class Emitter<V> {
  readonly #listeners = new Set<(value: V) => void>();
  readonly #env: Pick<Environment, 'log'>;

  constructor(env: Pick<Environment, 'log'>) {
    this.#env = env;
  }

  on(listener: (value: V) => void): () => void {
    // Wrapped, so that the same function given twice is two listeners.
    const own = (value: V) => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  emit(value: V): void {
    // A copy: a listener that leaves and comes back while it is called would be called for ever.
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(value);
      } catch (error) {
        this.#env.log('error', 'A listener failed', error);
      }
    }
  }
}
