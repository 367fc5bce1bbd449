import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { appCaller, type AppCaller } from './app-caller.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }>>;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}
type Json = Readonly<Record<string, unknown>>;
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A caller that holds every answer against the server's own description, and remembers which operations answered with a success. */
export interface DocumentedCaller extends AppCaller {
  readonly document: ApiDocument;
  /** Posts text as it is. */
  upload(path: string, text: string): Promise<{ status: number; body: any }>;
  /** `GET /api/students/{id}`. */
  readonly succeeded: ReadonlySet<string>;
  /** What was answered and not described so: one line each. */
  readonly differences: readonly string[];
}

export async function documentedCaller(url: string, login: { username: string; password: string }): Promise<DocumentedCaller> {
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as ApiDocument;
  const succeeded = new Set<string>();
  const differences: string[] = [];
  const validators = new Map<string, Validator>();
  const { token, call } = await appCaller(url, login);

  function compare(method: string, path: string, status: number, type: string, body: unknown): void {
    const template = templateOf(document, method, path);
    const name = `${method} ${template ?? path}`;
    const operation = template === undefined ? undefined : document.paths[template]![method.toLowerCase()];
    const response = operation?.responses[status] ?? (status >= 400 && status < 500 ? operation?.responses['4XX'] : undefined);
    const media = Object.entries(response?.content ?? {}).find(([mediaType]) => type.startsWith(mediaType))?.[1];
    if (status < 300) succeeded.add(name);
    if (!media) return void differences.push(`${name} answers ${status} ${type}, which is not described`);
    if (!media.schema || !type.includes('json')) return;
    const key = `${name} ${status}`;
    const validator = validators.get(key) ?? Compile(closed(media.schema) as TSchema);
    validators.set(key, validator);
    if (!validator.Check(body)) differences.push(`${key}: ${[...validator.Errors(body)].map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ')}`);
  }

  return {
    token,
    document,
    succeeded,
    differences,
    async call(method, path, body, headers) {
      const answer = await call(method, path, body, headers);
      compare(method, path.split('?')[0]!, answer.status, answer.headers.get('content-type') ?? '', answer.body);
      return answer;
    },
    async upload(path, text) {
      const response = await fetch(url + path, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' }, body: text });
      const body: unknown = await response.json();
      compare('POST', path.split('?')[0]!, response.status, response.headers.get('content-type') ?? '', body);
      return { status: response.status, body };
    },
  };
}

/** The path of the document that a path is an instance of; one without parameters comes first. */
function templateOf({ paths }: ApiDocument, method: string, path: string): string | undefined {
  const fits = Object.keys(paths).filter((template) => paths[template]![method.toLowerCase()] && new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+').replaceAll('.', '\\.')}$`).test(path));
  return fits.toSorted((a, b) => a.split('{').length - b.split('{').length)[0];
}

/** The schema with every object closed: a field that is answered and not described is a difference too. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, key === 'allOf' ? value : closed(value)]));
  const isOpen = !('properties' in schema) || 'additionalProperties' in schema || 'patternProperties' in schema;
  return isOpen ? inner : { ...inner, additionalProperties: false };
}

