import { InvalidArgumentError } from 'commander';

/** Reads an option that takes one of these words, in any letter case; another is a mistake in typing (exit code 2). */
export function choice<const T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word.toLowerCase() === text.trim().toLowerCase());
    if (found === undefined) throw new InvalidArgumentError(`Allowed: ${words.join(', ')}.`);
    return found;
  };
}

/** The same for an option that takes several words, apart or with commas. */
export function choices<const T extends string>(...words: readonly T[]): (text: string, before: readonly T[] | undefined) => readonly T[] {
  const one = choice(...words);
  return (text, before = []) => [...before, ...text.split(',').map(one)];
}
