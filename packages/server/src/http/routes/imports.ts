import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { invalid } from '../../domain/refusal.ts';
import type { UnitRunner } from '../../domain/unit-runner.ts';
import type { ImportInput } from '../../imports/carry-out.ts';
import type { ImportDesk } from '../../imports/import-desk.ts';
import { MAX_FILE_BYTES } from '../../imports/import-desk.ts';
import { IMPORT_KINDS, ImportResult } from '../../imports/import-result.ts';
import type { Mapping } from '../../imports/columns.ts';
import { onceByKey } from '../once-by-key.ts';
import { Page, PageQuery, pageOfAll } from '../page.ts';
import { PROBLEM_TYPE } from '../problem.ts';
import { compileCheck } from '../validation.ts';
import { raw, type HttpRoute } from '../raw-route.ts';
import { MANAGERS } from '../route.ts';
import { uploadedFile } from '../uploaded-file.ts';

const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const ImportQuery = Type.Object(
  {
    kind: Type.Optional(Type.Enum(IMPORT_KINDS, { description: 'required, here or as a field of the form' })),
    dryRun: flag('preview only'),
    full: flag('the file is the whole register: who is missing from it is deactivated'),
    strict: flag('one rejected row stops everything'),
    confirm: flag('more than a fifth of the people may be deactivated'),
    mapping: Type.Optional(Type.String({ maxLength: 4000, description: 'JSON object: field → header of the file, or "#3" for its third column' })),
    fileName: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);
type ImportQuery = Static<typeof ImportQuery>;

const checkFields = compileCheck('query', ImportQuery);
const MappingShape = Compile(Type.Record(Type.String(), Type.String({ maxLength: 200 })));

/** Upload, preview and apply files of people, books and equipment [IMP1–3]. */
export function importRoutes(runner: UnitRunner, desk: ImportDesk): HttpRoute[] {
  const once = onceByKey(runner);
  return [
    raw({
      method: 'POST',
      path: '/api/imports',
      access: MANAGERS,
      tag: 'Imports',
      summary: 'Reads a file (multipart field `file`, or the body), previews it and, unless `dryRun=true`, writes it whole or not at all. 202 while a large file is at work.',
      query: ImportQuery,
      answer: ImportResult,
      status: 201,
      also: [200, 202],
      upload: true,
      async handle({ query, actor, request, reply }) {
        const file = await uploadedFile(request, MAX_FILE_BYTES);
        const options = { ...query, ...(checkFields(file.fields) as ImportQuery) };
        const input = inputOf(options, file.bytes, options.fileName ?? file.fileName);
        // What is kept of a success is the import's id: its answer may be megabytes, and is read again.
        const answer = await once({ actor, header: request.headers['idempotency-key'], content: () => contentOf(input) }, async () => ({ status: 201, body: { id: (await desk.submit(actor, input)).id } }));
        if (answer.replayed) reply.header('Idempotent-Replayed', 'true');
        if (answer.status === 409) return reply.code(409).type(PROBLEM_TYPE).send(answer.body);
        const result = await desk.byId((answer.body as { id: string }).id);
        return reply.code(result.status === 'RUNNING' ? 202 : input.dryRun ? 200 : 201).send(result);
      },
    }),
    raw({
      method: 'GET',
      path: '/api/imports',
      access: MANAGERS,
      tag: 'Imports',
      summary: 'The imports of which the rows are kept, newest first, without these.',
      query: PageQuery,
      answer: Page(Type.Omit(ImportResult, ['rows'])),
      handle: async ({ query }) => pageOfAll(await desk.latest(), query, ({ createdAt, id }) => `${createdAt} ${id}`, 'falling'),
    }),
    raw({
      method: 'GET',
      path: '/api/imports/:id',
      access: MANAGERS,
      tag: 'Imports',
      summary: 'An import with what became of each row.',
      params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
      answer: ImportResult,
      handle: ({ params }) => desk.byId(params.id),
    }),
  ];
}

function contentOf({ bytes, ...options }: ImportInput): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(options)}\0`), bytes]);
}

function inputOf(options: ImportQuery, bytes: Buffer, fileName: string | undefined): ImportInput {
  const { kind, mapping, dryRun = false, full = false, strict = false, confirm = false } = options;
  if (kind === undefined) throw invalid('query.kind', `Say what the file holds: kind=${IMPORT_KINDS.join(', kind=')}.`);
  return { kind, bytes, dryRun, full, strict, confirm, ...(fileName !== undefined && { fileName }), ...(mapping !== undefined && mapping !== '' && { mapping: mappingOf(mapping) }) };
}

function mappingOf(text: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('query.mapping', 'The mapping must be a JSON object such as {"surname":"Family name"}.');
  }
  if (!MappingShape.Check(value)) throw invalid('query.mapping', 'The mapping must be a JSON object of texts such as {"surname":"Family name"}.');
  return value;
}
