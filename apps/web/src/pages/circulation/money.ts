/** Centavos as people write them: 1,250 → "12.50". */
export const money = (centavos: number): string => (centavos / 100).toFixed(2);
