import { hasMoreEntries, inOwnCase, isStorableText } from '@clms/protocol';
import { Compile, type Validator } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { Refusal } from '../domain/refusal.ts';

export type Part = 'params' | 'query' | 'body';
/** Checks one part of a request; answers the value as the handler gets it, or refuses with every path that is wrong. */
export type Check = (value: unknown) => unknown;

/** Errors told at most: a list of a thousand wrong rows needs no longer answer. */
const MOST_ERRORS = 20;
/** Of entries of lists and objects: a list of a thousand messages. Finding what is wrong among many more takes seconds, in which nobody else is served. */
const MOST_EXPLAINED = 25_000;

/** Compiles a schema to a check. Text of URLs is converted to numbers and booleans; bodies are taken as they are, but for the letter case of words of closed lists [TOP1]. */
export function compileCheck(part: Part, schema: TSchema): Check {
  // With the first request that needs it: compiling all of them is a tenth of the time that a start takes.
  let compiled: Validator | undefined;
  // Filling in defaults walks through the value uncompiled: in a list of a thousand messages that costs more than all the rest of their way.
  const hasDefaults = JSON.stringify(schema).includes('"default":');
  return (value) => {
    const validator = (compiled ??= Compile(schema));
    const completed = (valid: unknown): unknown => (hasDefaults ? validator.Default(valid) : valid);
    const given = value === undefined && isObjectSchema(schema) ? {} : value;
    const candidate = part === 'body' ? given : converted(validator, given);
    refuseUnstorable(part, candidate);
    if (validator.Check(candidate)) return completed(candidate);
    const inCase = inOwnCase(schema, candidate);
    if (validator.Check(inCase)) return completed(inCase);
    throw refusalOf(part, validator, candidate);
  };
}

interface Place {
  readonly value: unknown;
  readonly key: string;
  readonly within: Place | undefined;
}

/** Text that no database keeps as it is would be a fault of the server deep inside; it is one of the request. */
function refuseUnstorable(part: Part, whole: unknown): void {
  // A list of its own and not the call stack: nothing has looked yet how deep the value goes.
  const ahead: Place[] = [{ value: whole, key: part, within: undefined }];
  for (let place = ahead.pop(); place; place = ahead.pop()) {
    const { value } = place;
    if (typeof value === 'string' && !isStorableText(value)) throw unstorable(place);
    if (typeof value !== 'object' || value === null) continue;
    for (const key of Object.keys(value)) {
      if (!isStorableText(key)) throw unstorable(place);
      const inner = (value as Record<string, unknown>)[key];
      if (typeof inner === 'string' || typeof inner === 'object') ahead.push({ value: inner, key, within: place });
    }
  }
}

function pathOf(place: Place): string {
  const keys: string[] = [];
  for (let at: Place | undefined = place; at; at = at.within) keys.unshift(at.key);
  return keys.join('.');
}

function unstorable(place: Place): Refusal {
  const path = pathOf(place);
  const message = 'must not contain zero characters or half surrogate pairs';
  return new Refusal(400, 'INVALID_REQUEST', `The request is not valid: ${path} ${message}.`, { errors: [{ path, message }] });
}

/** Numbers and booleans from their text. A fraction stays text where a whole number belongs, to be refused: it would otherwise be cut to one. */
function converted(validator: Validator, given: unknown): unknown {
  const texts = Object.entries(given as Record<string, unknown>);
  const values = validator.Convert(given) as Record<string, unknown>;
  const cut = texts.filter(([key, text]) => typeof values[key] === 'number' && typeof text === 'string' && Number(text) !== values[key]);
  return cut.length === 0 ? values : { ...values, ...Object.fromEntries(cut) };
}

/** The check of a route without a body: nothing, or an empty object. */
export function checkNoBody(value: unknown): undefined {
  const empty = value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  if (!empty) throw new Refusal(400, 'INVALID_REQUEST', 'This request takes no body.', { errors: [{ path: 'body', message: 'must be absent' }] });
  return undefined;
}

function isObjectSchema(schema: TSchema): boolean {
  return 'type' in schema && schema.type === 'object';
}

function errorsOf(part: Part, validator: Validator, value: unknown): { path: string; message: string }[] {
  const errors = validator.Errors(value).flatMap((error) => {
    const path = part + error.instancePath.replaceAll('/', '.');
    switch (error.keyword) {
      case 'required': return error.params.requiredProperties.map((name) => ({ path: `${path}.${name}`, message: 'is required' }));
      case 'additionalProperties': return error.params.additionalProperties.map((name) => ({ path: `${path}.${name}`, message: 'is not known here' }));
      case 'boolean': return []; // the same unknown key a second time
      case 'enum': return [{ path, message: `must be one of ${error.params.allowedValues.join(', ')}` }];
      default: return [{ path, message: error.message }];
    }
  });
  const distinct = new Map(errors.map((error) => [`${error.path} ${error.message}`, error]));
  return [...distinct.values()].slice(0, MOST_ERRORS);
}

function refusalOf(part: Part, validator: Validator, value: unknown): Refusal {
  const errors = hasMoreEntries(value, MOST_EXPLAINED) ? [{ path: part, message: `has more than ${MOST_EXPLAINED} entries, and something is wrong among them` }] : errorsOf(part, validator, value);
  // Of the alternatives that a value fits none of, the one with a wrong word is most likely the one that was meant.
  const first = errors.find(({ message }) => message.startsWith('must be one of')) ?? errors[0];
  const message = first ? `The request is not valid: ${first.path} ${first.message}.` : `The ${part} of the request is not valid.`;
  return new Refusal(400, 'INVALID_REQUEST', message, { errors });
}
