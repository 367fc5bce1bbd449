import type { Connection } from './connection.ts';

export interface ClientStats {
  readonly activeConnections: number;
  readonly users: number;
  readonly byRole: Readonly<Record<string, number>>;
}

/** Who is connected to this node: by id, by user, by session. */
export class ClientManager {
  readonly #clients = new Map<string, Connection>();
  readonly #users = new Map<string, Set<Connection>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  addClient(connection: Connection): void {
    this.#clients.set(connection.clientId, connection);
    const { userId } = connection.identity;
    let own = this.#users.get(userId);
    if (!own) this.#users.set(userId, (own = new Set()));
    own.add(connection);
  }

  removeClient(clientId: string): Connection | undefined {
    const connection = this.#clients.get(clientId);
    if (!connection) return undefined;
    this.#clients.delete(clientId);
    const { userId } = connection.identity;
    const own = this.#users.get(userId);
    own?.delete(connection);
    if (own?.size === 0) this.#users.delete(userId);
    return connection;
  }

  /** Any frame is a sign of life [LIVE1]. */
  updateClientActivity(clientId: string): void {
    const connection = this.#clients.get(clientId);
    if (connection) connection.lastSeenMs = this.#now();
  }

  get(clientId: string): Connection | undefined {
    return this.#clients.get(clientId);
  }

  all(): Iterable<Connection> {
    return this.#clients.values();
  }

  ofUser(userId: string): readonly Connection[] {
    return [...(this.#users.get(userId) ?? [])];
  }

  ofSession(sessionId: string): readonly Connection[] {
    return [...this.#clients.values()].filter((connection) => connection.identity.sessionId === sessionId);
  }

  get size(): number {
    return this.#clients.size;
  }

  getStats(): ClientStats {
    const byRole: Record<string, number> = {};
    for (const { identity } of this.#clients.values()) byRole[identity.role] = (byRole[identity.role] ?? 0) + 1;
    return { activeConnections: this.#clients.size, users: this.#users.size, byRole };
  }

  /** Ends every connection at once. */
  shutdown(): void {
    for (const connection of this.#clients.values()) connection.ended(1001, 'shutdown');
  }
}
