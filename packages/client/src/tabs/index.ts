export { oneTabAtATime } from './one-tab-at-a-time.ts';
