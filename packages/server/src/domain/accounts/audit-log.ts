import Type, { type Static } from 'typebox';
import type { Selectable } from 'kysely';
import type { Tables } from '../../store/tables.ts';

export const AuditRecord = Type.Object({
  id: Type.String(), at: Type.String(), actorId: Type.String(), actorName: Type.String(), action: Type.String(), entity: Type.Union([Type.String(), Type.Null()]),
  entityId: Type.Union([Type.String(), Type.Null()]), outcome: Type.String(), address: Type.Union([Type.String(), Type.Null()]), details: Type.Record(Type.String(), Type.Unknown()),
});

export function toAuditRecord({ id, at, actorId, actorName, action, entity, entityId, outcome, details, address }: Selectable<Tables['audit']>): Static<typeof AuditRecord> {
  return { id, at, actorId, actorName, action, entity, entityId, outcome, address, details: JSON.parse(details) as Record<string, unknown> };
}
