import Type from 'typebox';
import { ADMIN, command, type Route } from '../route.ts';

/** Offered after setup, while the library is empty. */
export const demoSchoolRoutes: Route[] = [
  command({
    method: 'POST',
    path: '/api/demo-school',
    access: ADMIN,
    tag: 'Settings',
    summary: 'Fills an empty library with an invented school: people, books and stations.',
    answer: Type.Object({ people: Type.Integer(), books: Type.Integer(), equipment: Type.Integer() }),
    status: 201,
    async handle(unit) {
      const { loadDemoSchool } = await import('../../demo/load-demo-school.ts'); // nothing that most servers ever do
      const { people, books, equipment } = await loadDemoSchool(unit);
      unit.audit({ action: 'DEMO_SCHOOL_LOADED' });
      return { people: people.length, books: books.length, equipment: equipment.length };
    },
  }),
];
