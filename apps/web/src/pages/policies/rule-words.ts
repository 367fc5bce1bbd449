const WORDS: Readonly<Record<string, string>> = {
  PRIMARY: 'Primary (nursery to grade 3)',
  GRADE_SCHOOL: 'Grade school (4 to 6)',
  JUNIOR_HIGH: 'Junior high (7 to 10)',
  SENIOR_HIGH: 'Senior high (11 and 12)',
  PERSONNEL: 'Personnel',
  default: 'All others',
};

/** The name of a row as people read it; codes of collections are their own words. */
export const ruleWords = (key: string): string => WORDS[key] ?? key;
