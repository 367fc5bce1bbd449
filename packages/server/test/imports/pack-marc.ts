export type MarcFixture = readonly (readonly [tag: string, value: string | readonly (readonly [code: string, value: string | Buffer])[]])[];

/** One ISO 2709 record. Values are text (UTF-8) or bytes as they shall stand in the file; `coding` is leader/09. */
export function packMarc(fields: MarcFixture, coding: 'a' | ' ' = 'a'): Buffer {
  const bodies = fields.map(([, value]) =>
    typeof value === 'string'
      ? Buffer.from(`${value}\x1e`)
      : Buffer.concat([Buffer.from('  '), ...value.flatMap(([code, text]) => [Buffer.from(`\x1f${code}`), Buffer.from(text)]), Buffer.from('\x1e')]),
  );
  let at = 0;
  const directory = fields.map(([tag], index) => {
    const entry = `${tag}${String(bodies[index]!.length).padStart(4, '0')}${String(at).padStart(5, '0')}`;
    at += bodies[index]!.length;
    return entry;
  });
  const base = 24 + directory.length * 12 + 1;
  const length = base + at + 1;
  const leader = `${String(length).padStart(5, '0')}nam ${coding}22${String(base).padStart(5, '0')} a 4500`;
  return Buffer.concat([Buffer.from(`${leader}${directory.join('')}\x1e`), ...bodies, Buffer.from('\x1d')]);
}
