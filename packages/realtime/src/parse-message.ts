import { CLIENT_MESSAGES, CLIENT_MESSAGE_TYPES, FORBIDDEN_KEYS, hasMoreEntries, inOwnCase, isStorableText, MAX_NESTING, type ClientMessageType } from '@clms/protocol';
import { Compile, type Validator } from 'typebox/compile';

export type Parsed =
  | { readonly kind: 'message'; readonly type: ClientMessageType; readonly data: never; readonly id: string | undefined }
  | { readonly kind: 'wrong'; readonly path: string; readonly expected: string | readonly string[]; readonly message: string; readonly id: string | undefined }
  /** A type that only the server sends [TOP4]. */
  | { readonly kind: 'forbidden'; readonly type: string; readonly id: string | undefined };

/** Each compiled with the first message of its type. */
const validators = new Map<ClientMessageType, Validator>();
const LONGEST_ID = 128;
/** Of entries of lists and objects. Finding what is wrong among a hundred thousand takes a second, in which nobody else is served. */
const MOST_EXPLAINED = 2000;
const STORABLE = 'text without zero characters and half surrogate pairs';

/** Reads the text of one frame. `serverTypes` are those that a client may not send. */
export function parseText(text: string, serverTypes: ReadonlySet<string>): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return wrong('', 'one JSON object', `This is not JSON: ${(error as Error).message}`, undefined);
  }
  const forbidden = findForbidden(value);
  return forbidden ? wrong(forbidden.keys.toReversed().join('.'), forbidden.expected, forbidden.message, idOf(value)) : parseMessage(value, serverTypes);
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
  if (hasMoreEntries(data, MOST_EXPLAINED)) return wrong('data', `at most ${MOST_EXPLAINED} entries, or right ones`, `Something is wrong among the more than ${MOST_EXPLAINED} entries of data.`, id);
  const error = mostTelling([...validator.Errors(data)]);
  const path = `data${error.instancePath.replaceAll('/', '.')}`;
  if (error.keyword === 'boolean') return wrong(path, 'no such key', `${path} is not known here.`, id);
  if (error.keyword === 'required') {
    const missing = (error.params as { requiredProperties?: string[] }).requiredProperties?.[0] ?? '';
    return wrong(`${path}.${missing}`, 'a value', `${path}.${missing} is missing.`, id);
  }
  const allowed = (error.params as { allowedValues?: string[] }).allowedValues;
  return wrong(path, allowed ?? error.message, `${path} ${error.message}.`, id);
}

type SchemaError = ReturnType<Validator['Errors']>[number];

/**
 * The innermost complaint says most, and of the forms that a value may take, the one that it came closest to: the one whose kind of value it is. A
 * schema that is `false` stands for a key that must not be there.
 */
function mostTelling(errors: readonly SchemaError[]): SchemaError {
  const depth = ({ instancePath }: SchemaError): number => instancePath.split('/').length;
  const kind = ({ keyword }: SchemaError): number => (keyword === 'type' ? 1 : 0);
  const complaints = errors.filter(({ keyword }) => keyword !== 'anyOf');
  return complaints.find(({ keyword }) => keyword === 'boolean') ?? complaints.toSorted((a, b) => depth(b) - depth(a) || kind(a) - kind(b))[0] ?? errors[0]!;
}

/** Of a message that is not understood otherwise: its sender waits for an answer. */
function idOf(value: unknown): string | undefined {
  const { id } = Object(value) as { readonly id?: unknown };
  return typeof id === 'string' && id.length <= LONGEST_ID && isStorableText(id) ? id : undefined;
}

interface Forbidden {
  /** From the inside out. */
  readonly keys: string[];
  readonly expected: string;
  readonly message: string;
}

/** What no message may hold, at any depth. The way to it is put together when something is found: every entry of every message is looked at. */
function findForbidden(value: unknown, depth = 1): Forbidden | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : { keys: [], expected: STORABLE, message: 'The message holds text that cannot be kept.' };
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_NESTING) return { keys: [], expected: `at most ${MAX_NESTING} levels`, message: 'The message is nested too deeply.' };
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const found = findForbidden(value[at], depth + 1);
      if (found) return within(String(at), found);
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if ((FORBIDDEN_KEYS as readonly string[]).includes(key)) return { keys: [key], expected: 'no such key', message: `The key ${key} is refused.` };
    if (!isStorableText(key)) return { keys: [], expected: STORABLE, message: 'A key cannot be kept as text.' };
    const found = findForbidden((value as Record<string, unknown>)[key], depth + 1);
    if (found) return within(key, found);
  }
  return undefined;
}

function within(key: string, found: Forbidden): Forbidden {
  found.keys.push(key);
  return found;
}

function wrong(path: string, expected: string | readonly string[], message: string, id: string | undefined): Parsed {
  return { kind: 'wrong', path, expected, message, id };
}
