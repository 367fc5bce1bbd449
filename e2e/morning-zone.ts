const ZONES = [
  'Asia/Manila', 'Asia/Dhaka', 'Asia/Dubai', 'Europe/Berlin', 'Atlantic/Azores', 'America/Halifax', 'America/Chicago', 'America/Los_Angeles', 'Pacific/Honolulu', 'Pacific/Auckland', 'Australia/Sydney',
];

/** A time zone in which it is between eight and noon now: a library there stays open for the length of a test, at whatever hour it runs. */
export function morningZone(): string {
  const zone = ZONES.find((timeZone) => {
    const hour = Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(new Date()));
    return hour >= 8 && hour < 12;
  });
  if (!zone) throw new Error('No listed zone has a morning now.');
  return zone;
}

/** Minutes since midnight in a zone. */
export function minuteOfDayIn(timeZone: string, at: Date): number {
  const [hour, minute] = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at).split(':').map(Number);
  return hour! * 60 + minute!;
}
