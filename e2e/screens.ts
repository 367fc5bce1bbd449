import type { Browser, Locator, Page } from 'playwright-core';
import { ADMIN } from './server-process.ts';

export const DESKTOP = { width: 1280, height: 800 } as const;

/** A wait of a browser on a machine that does other things too. Nothing waits for time to pass: it is over as soon as the state is there. */
const PATIENCE_MS = 60_000;

/** A page in a context of its own: another computer, with its own cookies and storage. */
export async function newScreen(browser: Browser, url: string, viewport: { width: number; height: number } = DESKTOP): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport, locale: 'en', reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

export async function signIn(page: Page, { username, password } = ADMIN): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((address) => address.pathname !== '/login');
}

/** The dashboard as a librarian sees it. */
export class Dashboard {
  readonly page: Page;
  readonly activity: Locator;
  readonly stations: Locator;

  constructor(page: Page) {
    this.page = page;
    this.activity = page.getByTestId('activity-list');
    this.stations = page.getByTestId('station-list');
  }

  static async open(browser: Browser, url: string, account = ADMIN): Promise<Dashboard> {
    const page = await newScreen(browser, url);
    await signIn(page, account);
    const dashboard = new Dashboard(page);
    await dashboard.live();
    return dashboard;
  }

  /** Waits until the chip says that all on the screen is proven to be true. */
  live(): Promise<void> {
    return says(this.page.getByTestId('connection-chip'), /Live · verified \d\d:\d\d:\d\d/);
  }

  metric(name: 'occupancy' | 'sessions' | 'today' | 'books' | 'overdue'): Locator {
    return this.page.getByTestId(`metric-${name}`);
  }
}

/** Waits until the browser has the app on its disk, so that pages of it come up without a server. */
export async function keepsApp(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
}

/** Pairs a kiosk or a display by its code, as somebody does who has just unpacked the computer. */
export async function pairScreen(browser: Browser, url: string, role: 'kiosk' | 'display', code: string): Promise<Page> {
  const page = await newScreen(browser, url);
  await page.goto(`/${role}`);
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Pair' }).click();
  await says(page.getByTestId('connection-chip'), /Live/);
  return page;
}

/** Waits until an element's text matches. On time-out the error tells what it said instead. */
export async function says(element: Locator, text: RegExp | string): Promise<void> {
  try {
    await element.filter({ hasText: text }).first().waitFor();
  } catch (error) {
    const instead = await element.allInnerTexts().catch(() => 'nothing: the page is gone');
    throw new Error(`expected ${String(text)}, but it says ${JSON.stringify(instead)}`, { cause: error });
  }
}

/** Waits until a figure is exactly this. */
export const shows = (figure: Locator, value: number): Promise<void> => says(figure, new RegExp(`^${value}$`));
