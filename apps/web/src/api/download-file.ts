import { api } from './api.ts';

/** Fetches a file with the token of who is signed in and hands it to the browser's downloads. Rejects with an `ApiError`. */
export async function downloadFile(path: string, fileName: string): Promise<void> {
  const response = await api.raw(path);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the data once it began; a turn later the address may go.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
