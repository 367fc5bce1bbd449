import Type from 'typebox';
import { createDevice, Device, deviceById, DevicePatch, DeviceWithCode, NewDevice, pairDevice, PairedDevice, revokeDevice, toDevice, updateDevice } from '../../domain/accounts/devices.ts';
import { attemptKey, recordWrongTry, refuseTooManyTries } from '../../domain/accounts/attempt-limit.ts';
import type { Revocations } from '../../domain/accounts/revocations.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { UnitRunner } from '../../domain/unit-runner.ts';
import { onceOnly } from '../idempotency.ts';
import { decodeCursor, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { raw, type HttpRoute } from '../raw-route.ts';
import { ADMIN, command, OPEN, query } from '../route.ts';

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const PairForm = Type.Object({ code: Type.String({ minLength: 1, maxLength: 40 }) }, { additionalProperties: false });
const tag = 'Devices';

export function deviceRoutes(runner: UnitRunner, revocations: Revocations): HttpRoute[] {
  return [
    query({
      method: 'GET', path: '/api/devices', access: ADMIN, tag, summary: 'Kiosks and displays, oldest first.', query: PageQuery, answer: Page(Device),
      async handle({ db }, { query }) {
        const after = decodeCursor(query.cursor, 2);
        let select = db.selectFrom('devices').selectAll().orderBy('createdAt').orderBy('id').limit(pageLimit(query) + 1);
        if (after) {
          const [createdAt, id] = after.map(String) as [string, string];
          select = select.where((where) => where.or([where('createdAt', '>', createdAt), where.and([where('createdAt', '=', createdAt), where('id', '>', id)])]));
        }
        return toPage(await select.execute(), pageLimit(query), (row) => [row.createdAt, row.id], toDevice);
      },
    }),
    query({ method: 'GET', path: '/api/devices/:id', access: ADMIN, tag, summary: 'One device.', params: ById, answer: Device, handle: async ({ db }, { params }) => toDevice(await deviceById(db, params.id)) }),
    command({ method: 'POST', path: '/api/devices', access: ADMIN, tag, status: 201, summary: 'Adds a device: answers the code to type on it within 10 min.', body: NewDevice, answer: DeviceWithCode, handle: (unit, { body }) => createDevice(unit, body) }),
    command({ method: 'PATCH', path: '/api/devices/:id', access: ADMIN, tag, summary: 'Renames or moves a device.', params: ById, body: DevicePatch, answer: Device, handle: (unit, { params, body, ifMatch }) => updateDevice(unit, params.id, body, ifMatch) }),
    command({ method: 'DELETE', path: '/api/devices/:id', access: ADMIN, tag, summary: 'Takes the device’s token away and closes its sockets.', params: ById, answer: Device, handle: (unit, { params }) => revokeDevice(unit, params.id, revocations) }),
    raw({
      method: 'POST', path: '/api/devices/pair', access: OPEN, tag, summary: 'Trades the code for the device’s own lasting token.', body: PairForm, answer: PairedDevice,
      async handle({ body, actor, request, reply }) {
        const account = attemptKey('pair', request.ip);
        await refuseTooManyTries(runner.db, account, runner.now());
        try {
          return await onceOnly(runner, actor, request, reply, 200, (unit) => pairDevice(unit, body.code));
        } catch (error) {
          if (error instanceof Refusal && error.code === 'PAIRING_CODE_UNKNOWN') await recordWrongTry(runner.db, account, runner.now());
          throw error;
        }
      },
    }),
  ];
}
