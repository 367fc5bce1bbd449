import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Opens a headless Chromium. A machine without one fails the test with what to install: an end-to-end test that does not run proves nothing. `backForwardCache` leaves on what Playwright switches off: pages that one goes back to are as one left them. */
export async function openBrowser({ backForwardCache = false }: { readonly backForwardCache?: boolean } = {}): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (!executablePath) throw new Error('No Chromium found. Install it (Debian: apt-get install chromium), or name it in CHROMIUM_PATH.');
  return chromium.launch({
    executablePath,
    ...(backForwardCache && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}
