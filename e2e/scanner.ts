import type { Page } from 'playwright-core';

/** Milliseconds between the keys of a USB scanner. */
const KEY_GAP_MS = 8;

/**
 * Types a barcode and Enter the way a USB scanner does: one burst of keys, whatever has the focus. The keys are handed to the browser in one
 * go with a scanner's own timestamps, so that a busy machine does not turn the scanner into a slow typist.
 */
export async function scanCard(page: Page, barcode: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  try {
    const startedAt = Date.now() / 1000;
    const keys = [...[...barcode].map((text) => ({ key: text, text })), { key: 'Enter', text: '\r' }];
    await Promise.all(
      keys.flatMap((key, index) => {
        const timestamp = startedAt + (index * KEY_GAP_MS) / 1000;
        return [devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp, ...key }), devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, key: key.key })];
      }),
    );
  } finally {
    await devtools.detach();
  }
}
