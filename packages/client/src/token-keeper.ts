/** Why a token is asked for. `rejected`: the last one was refused, so a stored copy of it will not do. */
export type TokenReason = 'connect' | 'expiring' | 'rejected';

/** The application's source of access tokens; null = nobody is signed in. May throw: then it is tried again later. */
export type GetToken = (reason: TokenReason) => Promise<string | null> | string | null;

/** Asks for tokens, one request at a time: who asks meanwhile shares its answer [CL6]. */
export class TokenKeeper {
  readonly #getToken: GetToken;
  #pending: Promise<string | null> | undefined;
  #rejected: string | undefined;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** A token that was not refused yet, or null. */
  get(reason: 'connect' | 'expiring'): Promise<string | null> {
    return (this.#pending ??= this.#ask(reason).finally(() => {
      this.#pending = undefined;
    }));
  }

  /** The server refused `token`: the next request says so, and getting the same one again counts as none. */
  reject(token: string): void {
    this.#rejected = token;
  }

  async #ask(reason: TokenReason): Promise<string | null> {
    const token = (await this.#getToken(this.#rejected === undefined ? reason : 'rejected')) ?? null;
    if (token !== null && token === this.#rejected) return null;
    this.#rejected = undefined;
    return token;
  }
}

/** Whom a JWT speaks for, or undefined if it cannot be read. Nothing is trusted because of it; it only notices a change of user early. */
export function subjectOf(token: string): string | undefined {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const { sub } = JSON.parse(atob(payload)) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}
