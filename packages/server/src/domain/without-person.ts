/** Who is to be found in stored values: by id in fields, by words in texts. */
export interface Traced {
  readonly id: string;
  /** Full names, or ids of the school: whole words, in any letter case. Empty ones count for nothing. */
  readonly words: readonly string[];
}

/** Stands where a name or id was. */
export const ERASED = 'erased';

/** Fields that describe the person where an object names them; names themselves are found by their words. */
const DESCRIBING = new Set(['studentId', 'studentName', 'currentUserId', 'currentUserName', 'gradeLevel', 'section', 'metadata']);

/** A JSON value without the person: their id and words replaced, and what describes them left out of the objects that name them. */
export function withoutPerson<T>(value: T, { id, words }: Traced): T {
  const spelled = words.filter((word) => word.trim() !== '').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = spelled.length === 0 ? undefined : new RegExp(`(?<![\\p{L}\\p{N}])(?:${spelled.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const strip = (part: unknown): unknown => {
    if (typeof part === 'string') return part === id ? ERASED : pattern ? part.replace(pattern, ERASED) : part;
    if (Array.isArray(part)) return part.map(strip);
    if (typeof part !== 'object' || part === null) return part;
    const fields = Object.entries(part);
    const named = fields.some(([, field]) => field === id);
    return Object.fromEntries(fields.filter(([name]) => !(named && DESCRIBING.has(name))).map(([name, field]) => [name, strip(field)]));
  };
  return strip(value) as T;
}
