import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../domain/refusal.ts';

export interface UploadedFile {
  readonly bytes: Buffer;
  readonly fileName: string | undefined;
  /** Text fields that stood beside the file in a form. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * A file that is too large is read to its end and thrown away, because many clients look for an answer only after they have sent everything;
 * beyond this multiple of the limit the connection is cut instead.
 */
const DRAINED = 4;

/** The file of a request: the form field `file`, or the body itself. Refuses more than `limit` bytes with 413. */
export async function uploadedFile(request: FastifyRequest, limit: number): Promise<UploadedFile> {
  if (request.isMultipart()) return fromForm(request, limit);
  const body: unknown = request.body;
  if (!isReadable(body)) throw noFile('Send the file as the body of the request, or as the field "file" of a multipart form.');
  return { bytes: await collect(body, limit, request), fileName: undefined, fields: {} };
}

async function fromForm(request: FastifyRequest, limit: number): Promise<UploadedFile> {
  const fields: Record<string, string> = {};
  let found: { bytes: Buffer; fileName: string } | undefined;
  for await (const part of request.parts({ limits: { fileSize: limit * DRAINED, files: 1, fields: 20, fieldSize: 64 * 1024 } })) {
    if (part.type === 'field') {
      if (typeof part.value === 'string') fields[part.fieldname] = part.value;
    } else {
      const bytes = await collect(part.file, limit, request);
      if (part.fieldname !== 'file') throw noFile(`The file must be in the field "file", not "${part.fieldname}".`);
      found = { bytes, fileName: part.filename.replace(/\p{Cc}/gu, '') };
    }
  }
  if (!found) throw noFile('The form has no field "file".');
  return { ...found, fields };
}

async function collect(stream: Readable, limit: number, request: FastifyRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > limit * DRAINED) {
      request.raw.destroy();
      break;
    }
  }
  if (size > limit) throw new Refusal(413, 'FILE_TOO_LARGE', `The file is larger than ${Math.floor(limit / 1024 / 1024)} MB. Split it and import the parts one after the other.`, { details: { maxBytes: limit } });
  return Buffer.concat(chunks, size);
}

function isReadable(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

const noFile = (words: string): Refusal => new Refusal(400, 'INVALID_REQUEST', words, { errors: [{ path: 'body.file', message: words }] });
