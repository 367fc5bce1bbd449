import { randomUUID } from 'node:crypto';
import { ADMIN } from './server-process.ts';

export interface Answer<T = any> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** The HTTP API as a script uses it. */
export class Api {
  readonly #url: string;
  readonly token: string | undefined;

  constructor(url: string, token?: string) {
    this.#url = url;
    this.token = token;
  }

  static async login(url: string, { username, password } = ADMIN): Promise<Api> {
    const answer = await new Api(url).post('/api/auth/login', { username, password });
    if (answer.status !== 200) throw new Error(`login failed: ${answer.status} ${JSON.stringify(answer.body)}`);
    return new Api(url, answer.body.accessToken as string);
  }

  /** The same server, as a kiosk or display that has just been paired. */
  async pair(device: { name: string; role: 'KIOSK' | 'DISPLAY'; station?: string; location?: string }): Promise<{ api: Api; code: string }> {
    const { code } = (await this.created('/api/devices', device)) as { code: string };
    const paired = await new Api(this.#url).post('/api/devices/pair', { code });
    return { api: new Api(this.#url, paired.body.deviceToken as string), code };
  }

  get<T = any>(path: string): Promise<Answer<T>> {
    return this.#send('GET', path);
  }

  post<T = any>(path: string, body?: unknown, key: string = randomUUID()): Promise<Answer<T>> {
    return this.#send('POST', path, body, key);
  }

  patch<T = any>(path: string, body: unknown): Promise<Answer<T>> {
    return this.#send('PATCH', path, body, randomUUID());
  }

  /** Posts and expects it to succeed. */
  async created<T = any>(path: string, body: unknown): Promise<T> {
    const answer = await this.post<T>(path, body);
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async #send<T>(method: string, path: string, body?: unknown, key?: string): Promise<Answer<T>> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T, headers: response.headers };
  }
}
