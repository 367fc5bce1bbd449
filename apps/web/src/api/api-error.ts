/** What the server answers when it does not do as asked (RFC 9457). */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** A refusal by the server, or no answer at all (`status` 0, code `OFFLINE`). Its message is for the reader of the screen. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(readable(problem));
    this.name = 'ApiError';
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** The server could not be reached. */
export const offline = (): ApiError =>
  new ApiError({ title: 'No connection', status: 0, code: 'OFFLINE', detail: 'The server cannot be reached. Nothing was changed.' });

/** Reads a refusal; an answer that is no problem document (a proxy's page) still becomes a readable error. */
export async function problemOf(response: Response): Promise<ApiError> {
  const fallback: Problem = { title: response.statusText || 'Refused', status: response.status, code: `HTTP_${response.status}`, detail: `The server answered ${response.status}.` };
  if (!(response.headers.get('Content-Type') ?? '').includes('json')) return new ApiError(fallback);
  const body = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ApiError({ ...fallback, ...body });
}

/** Words for any error, also one that is not the server's. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readable({ detail, title, errors }: Problem): string {
  const fields = errors?.map(({ path, message }) => `${path.replace(/^\//, '')}: ${message}`).join('; ');
  const text = detail ?? title;
  return fields && !text.includes(errors![0]!.message) ? `${text} ${fields}` : text;
}
