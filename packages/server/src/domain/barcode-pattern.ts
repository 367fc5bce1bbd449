const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/^\d{8}[a-z]?(?:-\d)?$/, "a pupil's card"],
  [/^pn\d{3,}$/, 'a card of the personnel'],
  [/^97[89][\d-]{10,14}$/, "a book's ISBN; scan the library's own label instead"],
  [/^[a-z]{2,4}\d{5}$/, "a book's label"],
];

/** What an unknown barcode looks like: a hint for the answer, never a reason to take it for that [SCN1]. */
export function resembles(key: string): string | undefined {
  return PATTERNS.find(([pattern]) => pattern.test(key))?.[1];
}
