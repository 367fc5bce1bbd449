import { randomInt } from 'node:crypto';
import { systemClock } from '@clms/realtime';
import { openBoard } from './arrivals-board.ts';

// Buses that nobody drives: three lines, two stops, a report every two seconds. Stop with Ctrl+C.
const BUSES = [['12', 'Harbour'], ['12', 'Market'], ['31', 'Market'], ['7', 'Harbour']] as const;
const REPORT_EVERY_MS = 2000;

const board = await openBoard(systemClock, Number(process.env['PORT'] ?? 3005));
console.log(`Arrivals at http://127.0.0.1:${board.port}/?stop=Market`);
function drive(): void {
  const [line, stop] = BUSES[randomInt(BUSES.length)]!;
  void board.report({ bus: `${line} to ${stop}`, stop, minutes: randomInt(15), driver: 'nobody' });
  stopDriving = systemClock.setTimer(REPORT_EVERY_MS, drive);
}
let stopDriving = systemClock.setTimer(REPORT_EVERY_MS, drive);
process.once('SIGINT', () => {
  stopDriving();
  void board.close();
});
