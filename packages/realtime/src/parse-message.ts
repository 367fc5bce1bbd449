import { CLIENT_MESSAGES, CLIENT_MESSAGE_TYPES, FORBIDDEN_KEYS, inOwnCase, isStorableText, MAX_NESTING, type ClientMessageType } from '@clms/protocol';
import { Compile, type Validator } from 'typebox/compile';

export type Parsed =
  | { readonly kind: 'message'; readonly type: ClientMessageType; readonly data: never; readonly id: string | undefined }
  | { readonly kind: 'wrong'; readonly path: string; readonly expected: string | readonly string[]; readonly message: string; readonly id: string | undefined }
  /** A type that only the server sends [TOP4]. */
  | { readonly kind: 'forbidden'; readonly type: string; readonly id: string | undefined };

/** Each compiled with the first message of its type. */
const validators = new Map<ClientMessageType, Validator>();
const LONGEST_ID = 128;
const STORABLE = 'text without zero characters and half surrogate pairs';

/** Reads the text of one frame. `serverTypes` are those that a client may not send. */
export function parseText(text: string, serverTypes: ReadonlySet<string>): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return wrong('', 'one JSON object', `This is not JSON: ${(error as Error).message}`, undefined);
  }
  const bad = findForbidden(value);
  return bad ?? parseMessage(value, serverTypes);
}

/** Checks one message that is already JSON (a frame, or an item of a batch). */
export function parseMessage(value: unknown, serverTypes: ReadonlySet<string>): Parsed {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('', 'one JSON object', 'A message is a JSON object with type and data.', undefined);
  const { type: given, data, id } = value as Record<string, unknown>;
  if (id !== undefined && (typeof id !== 'string' || id.length > LONGEST_ID)) return wrong('id', `text of at most ${LONGEST_ID} characters`, 'id is not usable.', undefined);
  const replyId = id as string | undefined;
  if (typeof given !== 'string') return wrong('type', CLIENT_MESSAGE_TYPES, 'type is missing.', replyId);
  const name = given.toLowerCase();
  const type = CLIENT_MESSAGE_TYPES.find((candidate) => candidate === name);
  if (!type) {
    if (serverTypes.has(name)) return { kind: 'forbidden', type: name, id: replyId };
    return wrong('type', CLIENT_MESSAGE_TYPES, `There is no message type "${given.slice(0, 64)}".`, replyId);
  }
  let validator = validators.get(type);
  if (!validator) validators.set(type, (validator = Compile(CLIENT_MESSAGES[type])));
  if (validator.Check(data)) return { kind: 'message', type, data: data as never, id: replyId };
  const known = inOwnCase(CLIENT_MESSAGES[type], data);
  return validator.Check(known) ? { kind: 'message', type, data: known as never, id: replyId } : wrongData(validator, data, replyId);
}

function wrongData(validator: Validator, data: unknown, id: string | undefined): Parsed {
  const errors = [...validator.Errors(data)];
  // The innermost complaint says most; a schema that is `false` stands for a key that must not be there.
  const error = errors.find((candidate) => candidate.keyword === 'boolean') ?? errors.find((candidate) => candidate.keyword !== 'anyOf') ?? errors[0]!;
  const path = `data${error.instancePath.replaceAll('/', '.')}`;
  if (error.keyword === 'boolean') return wrong(path, 'no such key', `${path} is not known here.`, id);
  if (error.keyword === 'required') {
    const missing = (error.params as { requiredProperties?: string[] }).requiredProperties?.[0] ?? '';
    return wrong(`${path}.${missing}`, 'a value', `${path}.${missing} is missing.`, id);
  }
  const allowed = (error.params as { allowedValues?: string[] }).allowedValues;
  return wrong(path, allowed ?? error.message, `${path} ${error.message}.`, id);
}

function findForbidden(value: unknown): Parsed | undefined {
  const stack: { value: unknown; depth: number; path: string }[] = [{ value, depth: 1, path: '' }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (typeof next.value === 'string' && !isStorableText(next.value)) return wrong(next.path, STORABLE, `${next.path} cannot be kept as text.`, undefined);
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > MAX_NESTING) return wrong(next.path, `at most ${MAX_NESTING} levels`, 'The message is nested too deeply.', undefined);
    for (const key of Object.keys(next.value)) {
      const path = next.path === '' ? key : `${next.path}.${key}`;
      if ((FORBIDDEN_KEYS as readonly string[]).includes(key)) return wrong(path, 'no such key', `The key ${key} is refused.`, undefined);
      if (!isStorableText(key)) return wrong(next.path, STORABLE, 'A key cannot be kept as text.', undefined);
      stack.push({ value: (next.value as Record<string, unknown>)[key], depth: next.depth + 1, path });
    }
  }
  return undefined;
}

function wrong(path: string, expected: string | readonly string[], message: string, id: string | undefined): Parsed {
  return { kind: 'wrong', path, expected, message, id };
}
