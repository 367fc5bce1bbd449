/** Somebody who asks a running server over HTTP, as an external system would. */
export interface AppCaller {
  readonly token: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any; headers: Headers }>;
}

/** Signs in and asks with that token from then on. */
export async function appCaller(url: string, login: { username: string; password: string }): Promise<AppCaller> {
  let token = '';
  const call: AppCaller['call'] = async (method, path, body, more = {}) => {
    const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }), ...more };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text, headers: response.headers };
  };
  const { body } = await call('POST', '/api/auth/login', login);
  if (typeof body.accessToken !== 'string') throw new Error(`could not sign in: ${JSON.stringify(body)}`);
  token = body.accessToken;
  return { token, call };
}
