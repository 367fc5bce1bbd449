import { api } from './api.ts';

/** Fetches a file with the token of who is signed in and hands it to the browser's downloads. Rejects with an `ApiError`. */
export async function downloadFile(path: string, fileName: string): Promise<void> {
  const response = await api.raw(path);
  save(await response.blob(), fileName);
}

/** Hands a table that is here already to the browser's downloads. */
export function saveCsv(text: string, fileName: string): void {
  // Without the mark in front Excel takes UTF-8 for the computer's own encoding, and breaks every accent.
  save(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }), fileName);
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it began; a turn later the address may go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
