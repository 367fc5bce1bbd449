/** Whether lists and objects have more entries than this, all levels together. */
export function hasMoreEntries(value: unknown, most: number): boolean {
  const ahead = [value];
  let entries = 0;
  while (ahead.length > 0) {
    const next = ahead.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner: unknown[] = Object.values(next);
    entries += inner.length;
    if (entries > most) return true;
    for (const one of inner) ahead.push(one);
  }
  return false;
}
