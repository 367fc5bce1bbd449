/** In a rush lists and figures are drawn this often: sooner nobody reads them, and a slow computer would do nothing else. */
export const DRAW_EVERY_MS = 100;
