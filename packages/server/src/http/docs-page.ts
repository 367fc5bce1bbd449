interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean; readonly description?: string; readonly schema?: unknown }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }>>;
}

/** The API as a page to read: one file, no script, nothing fetched from elsewhere. */
export function docsPage(document: object): string {
  const { paths = {}, info } = document as { paths?: Record<string, Record<string, Operation>>; info: { title: string; version: string; description?: string } };
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'Other'))].toSorted();
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === tag);
    return `<section><h2 id="${slug(tag)}">${escape(tag)}</h2>${own.map(operationHtml).join('')}</section>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(info.title)} HTTP API</title><style>${STYLE}</style></head>
<body><header><h1>${escape(info.title)} HTTP API <small>${escape(info.version)}</small></h1><p>${escape(info.description ?? '')}</p><p><a href="/api/openapi.json">OpenAPI 3.1</a> · <a href="/api/asyncapi.json">AsyncAPI 3</a></p>
<nav aria-label="Sections">${tags.map((tag) => `<a href="#${slug(tag)}">${escape(tag)}</a>`).join(' ')}</nav></header><main>${sections.join('\n')}</main></body></html>`;
}

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const parameters = (operation.parameters ?? []).map(({ in: place, name, required, description, schema }) => {
    return `<tr><td><code>${escape(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${escape(description ?? '')} <code>${escape(shortSchema(schema))}</code></td></tr>`;
  });
  const body = Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => schemaHtml(`Body, ${type}`, schema));
  // Every refusal is the same problem document; the page says so once.
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status.startsWith('2')).flatMap(([status, { content }]) => Object.entries(content ?? {}).map(([type, { schema }]) => schemaHtml(`${status}, ${type}`, schema)));
  return `<details><summary><b class="${method.toLowerCase()}">${method}</b> <code>${escape(path)}</code> <span>${escape(operation.summary ?? '')}</span></summary>
<p>${escape(operation.description ?? '')}</p>${parameters.length > 0 ? `<table><thead><tr><th>parameter</th><th>in</th><th></th></tr></thead><tbody>${parameters.join('')}</tbody></table>` : ''}${body.join('')}${answers.join('')}</details>`;
}

function schemaHtml(title: string, schema: unknown): string {
  return schema === undefined ? '' : `<h4>${escape(title)}</h4><pre>${escape(JSON.stringify(schema, null, 2))}</pre>`;
}

function shortSchema(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return '';
  const { type, enum: words } = schema as { type?: string; enum?: unknown[] };
  return words ? words.join(' | ') : (type ?? '');
}

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1a1a1a;background:#fff}nav a{margin-right:.75rem}
details{border:1px solid #ccc;border-radius:6px;margin:.4rem 0;padding:.4rem .75rem}summary{cursor:pointer}summary b{display:inline-block;min-width:4rem}
.get{color:#0b5394}.post{color:#1e6b1e}.patch{color:#8a5a00}.delete{color:#a61b1b}pre{background:#f4f4f4;padding:.75rem;overflow:auto;max-height:24rem}table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}pre{background:#222}a{color:#8ab4f8}.get{color:#8ab4f8}.post{color:#7fd08a}.patch{color:#e0b050}.delete{color:#f28b82}details{border-color:#444}}`;
