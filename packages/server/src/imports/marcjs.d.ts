declare module 'marcjs' {
  /** `[tag, value]` for control fields, else `[tag, indicators, code, value, code, value, …]`. */
  export type MarcField = [tag: string, ...rest: string[]];
  export interface MarcRecord {
    leader: string;
    fields: MarcField[];
  }
  export const Iso2709Parser: { parse(data: { toString(encoding: string, start: number, end: number): string }): MarcRecord };
}
