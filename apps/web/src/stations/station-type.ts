interface TypeWords {
  readonly one: string;
  readonly many: string;
}

const KNOWN: Readonly<Record<string, TypeWords>> = {
  COMPUTER: { one: 'Computer', many: 'Computers' },
  GAMING_CONSOLE: { one: 'Console', many: 'Consoles' },
  STUDY_ROOM: { one: 'Study room', many: 'Study rooms' },
};

/** What the types that every library has are called. */
export const TYPE_NAMES: readonly string[] = Object.values(KNOWN).map(({ one }) => one);

/** "Computer" of COMPUTER, "Board game" of the venue's own BOARD_GAME. */
export function typeName(type: string): string {
  const own = type.toLowerCase().replaceAll('_', ' ');
  return KNOWN[type]?.one ?? own.charAt(0).toUpperCase() + own.slice(1);
}

/** The type that somebody means by a name: COMPUTER by "computer", BOARD_GAME by "Board game". */
export function typeCode(name: string): string {
  const plain = name.trim().toLowerCase();
  return Object.keys(KNOWN).find((type) => KNOWN[type]!.one.toLowerCase() === plain) ?? name.trim().toUpperCase().replaceAll(/\s+/g, '_');
}

/** "Computers"; a type of the venue's own stays as it is called. */
export const typeWords = (type: string): string => KNOWN[type]?.many ?? typeName(type);
