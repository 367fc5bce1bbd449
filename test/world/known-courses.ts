import type { Event, Step } from './steps.ts';

/** A course that once went wrong. */
export interface KnownCourse {
  readonly title: string;
  readonly seed: number;
  readonly steps: readonly Step[];
}

const step = (thenMs: number, event: Event): Step => ({ event, thenMs });

export const KNOWN_COURSES: readonly KnownCourse[] = [
  {
    title: '[UP3] clients that leave while Redis is away end nothing but themselves',
    seed: 1,
    steps: [step(6000, { do: 'hang' }), step(100, { do: 'cut', client: 0 }), step(5000, { do: 'cut', client: 1 })],
  },
  {
    title: '[ORD2] who comes from a node that was told sooner hears nothing twice',
    seed: 30,
    steps: [
      step(13_293, { do: 'part', node: 2 }),
      step(0, { do: 'change', topic: 'equipment', which: 3, times: 2 }),
      step(699, { do: 'toggle', client: 1, topic: 'dashboard', filters: {} }),
      step(98, { do: 'lose touch', client: 0 }),
      step(0, { do: 'kill', node: 1 }),
      step(49, { do: 'say', client: 3, room: 'office' }),
      step(40_928, { do: 'say', client: 2, room: 'desk' }),
    ],
  },
  {
    title: '[ORD1] a node that starts beside a Redis that has lost its memory brings no old state behind a newer one',
    seed: 24,
    steps: [step(23, { do: 'change', topic: 'system', which: 1, times: 32 }), step(1246, { do: 'forget' }), step(0, { do: 'kill', node: 1 })],
  },
  {
    title: '[OUT1] analytics of two dates do not replace each other for a slow reader',
    seed: 33,
    steps: [
      step(1885, { do: 'change', topic: 'emergency', which: 1, times: 54 }),
      step(2542, { do: 'part', node: 1 }),
      step(2733, { do: 'toggle', client: 3, topic: 'equipment', filters: { location: 'lab', type: 'STUDY_ROOM' } }),
      step(1077, { do: 'change', topic: 'system', which: 5, times: 1, without: 1 }),
      step(6298, { do: 'change', topic: 'dashboard', which: 4, times: 5 }),
      step(0, { do: 'change', topic: 'equipment', which: 5, times: 4 }),
      step(2504, { do: 'slow', client: 3, msPerByte: 0.5 }),
      step(0, { do: 'change', topic: 'analytics', which: 2, times: 4 }),
      step(98, { do: 'change', topic: 'system', which: 1, times: 5, without: 2 }),
      step(29, { do: 'toggle', client: 3, topic: 'dashboard', filters: {} }),
    ],
  },
  {
    title: '[CL5] a device whose clock is set back by an hour goes on sending',
    seed: 27,
    steps: [step(5654, { do: 'stall', client: 3 }), step(0, { do: 'set clock', client: 0, skewMs: -3_600_000 }), step(0, { do: 'say', client: 0, room: 'desk' })],
  },
  {
    title: '[SUB3] a node that has not heard of a new epoch does not call its positions lost',
    seed: 32,
    steps: [
      step(165, { do: 'say', client: 3, room: 'office' }),
      step(0, { do: 'slow', client: 0, msPerByte: 0.5 }),
      step(48, { do: 'part', node: 2 }),
      step(100, { do: 'change', topic: 'dashboard', which: 1, times: 4 }),
      step(0, { do: 'flush' }),
      step(0, { do: 'change', topic: 'equipment', which: 3, times: 4, without: 2 }),
      step(2190, { do: 'change', topic: 'equipment', which: 2, times: 1 }),
      step(0, { do: 'toggle', client: 1, topic: 'equipment', filters: { status: 'AVAILABLE' } }),
      step(0, { do: 'change', topic: 'analytics', which: 4, times: 31 }),
      step(270, { do: 'cut', client: 0 }),
      step(1363, { do: 'flow', client: 2 }),
    ],
  },
  {
    title: '[AUTH3] a role that is taken and given back within the life of a token leaves no state made for the other role',
    seed: 1,
    steps: [
      step(2000, { do: 'toggle', client: 0, topic: 'equipment', filters: { location: 'lab', type: 'STUDY_ROOM' } }),
      step(200, { do: 'change role', client: 0, to: 'DISPLAY' }),
      step(500, { do: 'change', topic: 'equipment', which: 0, times: 6 }),
      step(200, { do: 'change role', client: 0, to: 'LIBRARIAN' }),
    ],
  },
  {
    title: '[OUT2] [SUB3] an event that is withheld behind a gap does not hide the gap',
    seed: 7120,
    steps: [
      step(1365, { do: 'change', topic: 'system', which: 1, times: 2 }),
      step(0, { do: 'sleep', client: 1 }),
      step(18, { do: 'change', topic: 'equipment', which: 0, times: 3 }),
      step(159, { do: 'change', topic: 'activities', which: 1, times: 45 }),
      step(0, { do: 'change', topic: 'activities', which: 2, times: 1, without: 1 }),
    ],
  },
  {
    title: '[SUB5] [CL4] the answer to a subscribe that another has followed is not taken for the answer to that one',
    seed: 4972,
    steps: [
      step(32, { do: 'say', client: 1, room: 'desk' }),
      step(0, { do: 'part', node: 2 }),
      step(15_074, { do: 'flush' }),
      step(155, { do: 'cut', client: 2 }),
      step(0, { do: 'change', topic: 'activities', which: 5, times: 2 }),
      step(138, { do: 'stall', client: 0 }),
      step(135, { do: 'cut', client: 3 }),
      step(1622, { do: 'start', node: 2 }),
      step(62, { do: 'slow', client: 3, msPerByte: 10 }),
      step(1845, { do: 'join', node: 1 }),
      step(149, { do: 'toggle', client: 3, topic: 'dashboard', filters: {} }),
    ],
  },
  {
    title: '[SUB5] [AUTH3] who follows more while the answer to the first subscribe is on its way begins once',
    seed: 5976,
    steps: [
      step(1133, { do: 'change', topic: 'dashboard', which: 3, times: 3, without: 2 }),
      step(0, { do: 'kill', node: 1 }),
      step(151, { do: 'change', topic: 'system', which: 1, times: 1 }),
      step(0, { do: 'kill', node: 0 }),
      step(0, { do: 'stall', client: 2 }),
      step(836, { do: 'revoke', client: 2 }),
      step(0, { do: 'change role', client: 0, to: 'STAFF' }),
      step(132, { do: 'change', topic: 'equipment', which: 4, times: 2 }),
      step(1554, { do: 'toggle', client: 0, topic: 'dashboard', filters: {} }),
    ],
  },
  {
    title: '[ORD2] [CL4] who follows more on a node that was told later hears nothing twice',
    seed: 6390,
    steps: [
      step(18_270, { do: 'change', topic: 'notifications', which: 4, times: 52 }),
      step(642, { do: 'revoke', client: 0 }),
      step(189, { do: 'deafen', node: 1 }),
      step(0, { do: 'switch user', client: 3, to: 'stella' }),
      step(138, { do: 'change', topic: 'activities', which: 1, times: 5 }),
      step(0, { do: 'change', topic: 'analytics', which: 5, times: 5 }),
      step(0, { do: 'kill', node: 2 }),
      step(0, { do: 'toggle', client: 1, topic: 'activities', filters: { location: 'lab' } }),
    ],
  },
];
