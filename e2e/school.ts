import type { Api } from './api.ts';

export interface Pupil {
  readonly id: string;
  readonly barcode: string;
  readonly givenName: string;
  readonly surname: string;
}

const GIVEN = ['Aya', 'Ben', 'Carla', 'Dino', 'Ester', 'Felix', 'Gina', 'Hugo', 'Ines', 'Jomar', 'Kara', 'Lito'];
const SURNAMES = ['Abad', 'Bautista', 'Castro', 'Dizon', 'Evangelista', 'Flores', 'Garcia', 'Hizon'];

/** Enrols invented pupils of grade 8. Their cards have leading zeros, which must survive every way. */
export function enrol(api: Api, count: number): Promise<readonly Pupil[]> {
  return Promise.all(
    Array.from({ length: count }, (_, n) =>
      api.created<Pupil>('/api/students', { schoolId: `00${2025_0000 + n}`, surname: SURNAMES[n % SURNAMES.length]!, givenName: GIVEN[n % GIVEN.length]!, gradeLevel: '8', section: 'Narra' }),
    ),
  );
}

/** Opens the library around the clock on every day of the week. */
export async function openAllDays(api: Api): Promise<void> {
  const allDay = [{ open: '00:00', close: '24:00' }];
  const answer = await api.patch('/api/calendar', { openingHours: { mon: allDay, tue: allDay, wed: allDay, thu: allDay, fri: allDay, sat: allDay, sun: allDay } });
  if (answer.status !== 200) throw new Error(`PATCH /api/calendar: ${answer.status} ${JSON.stringify(answer.body)}`);
}
