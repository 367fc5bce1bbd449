import type { Actor } from '../domain/actor.ts';
import { roleOf } from '../domain/actor.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Access } from './route.ts';

/** Refuses whom a route is not for. */
export function requireAccess(actor: Actor, access: Access): void {
  if (actor.kind === 'apiKey') {
    if (access.scope && actor.scopes.includes(access.scope)) return;
    throw new Refusal(403, 'SCOPE_MISSING', access.scope ? `This API key lacks the scope "${access.scope}".` : 'API keys may not do this.');
  }
  const role = roleOf(actor);
  if (role && access.roles.includes(role)) return;
  throw new Refusal(403, 'ROLE_NOT_ALLOWED', `This is for ${access.roles.join(', ')}.`, { details: { role: role ?? null, allowed: [...access.roles] } });
}

/** `If-Match: 3`, with or without quotes; `*` guards nothing. */
export function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"?(\d{1,15})"?\s*$/.exec(header)?.[1];
  if (version === undefined) throw new Refusal(400, 'INVALID_REQUEST', 'If-Match takes the version that an entity has, such as 3.', { errors: [{ path: 'header.If-Match', message: 'must be a version' }] });
  return Number(version);
}
