import Type, { type Static } from 'typebox';
import { timingSafeEqual } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import { SYSTEM } from '../actor.ts';
import { invalid, Refusal } from '../refusal.ts';
import type { UnitRunner } from '../unit-runner.ts';
import type { Db } from '../../store/open-store.ts';
import { defaultSettings } from '../venue.ts';
import { saveVenuePart } from '../venue-store.ts';
import { lockVenue } from './account-locks.ts';
import { attemptKey, recordWrongTry, refuseTooManyTries } from './attempt-limit.ts';
import type { Caller } from './login.ts';
import { hashCode, newCode } from './secret-token.ts';
import { startSession, type OpenSession } from './sessions.ts';
import { anyUserExists, createUser, Password, userById, Username } from './users.ts';

export const SetupForm = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 40 }), username: Username, password: Password, venueName: Type.String({ minLength: 1, maxLength: 120 }), timezone: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
);

/** How the first administrator comes to be: by a code that only who sees the server's output knows. */
export class Setup {
  readonly #runner: UnitRunner;
  readonly #locale: string;
  readonly #code = newCode();

  constructor(runner: UnitRunner, locale: string) {
    this.#runner = runner;
    this.#locale = locale;
  }

  /** `XXXX-XXXX`, for the server's own output; it changes with every start. */
  get code(): string {
    return this.#code;
  }

  async needed(): Promise<boolean> {
    return !(await anyUserExists(this.#runner.db));
  }

  /** Makes the administrator and the venue, and signs the new administrator in. 410 once there is any account. */
  async complete(form: Static<typeof SetupForm>, caller: Caller): Promise<OpenSession> {
    const account = attemptKey('setup', caller.address ?? '');
    const runner = this.#runner;
    await requireEmpty(runner.db);
    await refuseTooManyTries(runner.db, account, runner.now());
    if (!timingSafeEqual(Buffer.from(hashCode(form.code)), Buffer.from(hashCode(this.#code)))) {
      await recordWrongTry(runner.db, account, runner.now());
      throw new Refusal(403, 'WRONG_SETUP_CODE', 'This is not the setup code. The server prints it when it starts.');
    }
    requireZone(form.timezone);
    const opened = await runner.run(SYSTEM, async (unit) => {
      await lockVenue(unit);
      await requireEmpty(unit.db);
      const user = await createUser(unit, { username: form.username, password: form.password, role: 'ADMIN' });
      const { venue } = unit;
      const described = venue.versions.venue === 0 ? defaultSettings(form.timezone, this.#locale) : venue.settings;
      await saveVenuePart(unit.db, 'venue', { ...described, venueName: form.venueName, timezone: form.timezone }, venue.versions.venue + 1, unit.at);
      return startSession(unit, await userById(unit.db, user.id), caller);
    });
    await runner.reloadVenue();
    return opened;
  }
}

/** The administrator named in the configuration, on an empty database only. Answers whether one was made. */
export async function createConfiguredAdmin(runner: UnitRunner, admin: { username: string; password: string }, venue: { timezone: string; locale: string }): Promise<boolean> {
  if (await anyUserExists(runner.db)) return false;
  await runner.run(SYSTEM, async (unit) => {
    await createUser(unit, { ...admin, role: 'ADMIN' });
    // A venue that is already described stays as it is.
    if (unit.venue.versions.venue === 0) await saveVenuePart(unit.db, 'venue', defaultSettings(venue.timezone, venue.locale), 1, unit.at);
  });
  await runner.reloadVenue();
  return true;
}

async function requireEmpty(db: Db): Promise<void> {
  if (await anyUserExists(db)) throw new Refusal(410, 'SETUP_DONE', 'This library has been set up. Sign in, or ask an administrator for an account.');
}

function requireZone(timezone: string): void {
  try {
    Temporal.Now.zonedDateTimeISO(timezone);
  } catch (error) {
    if (error instanceof RangeError) throw invalid('body.timezone', `"${timezone}" is not a time zone. Use a name such as Asia/Manila.`);
    throw error;
  }
}
