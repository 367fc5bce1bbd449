import type { CDPSession, Page } from 'playwright-core';

/** A frame that takes longer than this is one that somebody sees. */
const LONG_FRAME_MS = 50;

/** What a page costs, read from the outside. */
export interface PageFigures {
  /** Bytes of live JavaScript objects: read after a full collection. */
  readonly heapBytes: number;
  readonly domNodes: number;
  readonly listeners: number;
  /** Seconds that the page's main thread was busy since it was opened. */
  readonly busySeconds: number;
  /** Since the last reading. */
  readonly longTasks: LongSpans;
  readonly longFrames: LongSpans;
}

export interface LongSpans {
  readonly count: number;
  readonly longestMs: number;
}

/** Runs in the page from its start: notes tasks and gaps between frames that are too long. A hidden page draws no frames and is not blamed. */
const WATCH = `(() => {
  const none = () => ({ count: 0, longestMs: 0 });
  const seen = { longTasks: none(), longFrames: none() };
  const note = (of, ms) => { of.count++; of.longestMs = Math.max(of.longestMs, ms); };
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) note(seen.longTasks, duration); }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    if (now - last > ${LONG_FRAME_MS} && !document.hidden) note(seen.longFrames, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.takeLongSpans = () => { const taken = structuredClone(seen); seen.longTasks = none(); seen.longFrames = none(); return taken; };
})()`;

/** Watches a page from before its first script. */
export class PageWatch {
  readonly #page: Page;
  readonly #devtools: CDPSession;

  private constructor(page: Page, devtools: CDPSession) {
    this.#page = page;
    this.#devtools = devtools;
  }

  static async on(page: Page): Promise<PageWatch> {
    await page.addInitScript(WATCH);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    return new PageWatch(page, devtools);
  }

  async read(): Promise<PageFigures> {
    // The collection is the watcher's doing: what was long before it is taken first.
    const spans = await this.#page.evaluate<Pick<PageFigures, 'longTasks' | 'longFrames'>>('takeLongSpans()');
    // Twice: what a first collection finalises, the second one frees.
    for (let n = 0; n < 2; n++) await this.#devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#devtools.send('Runtime.getHeapUsage');
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
    await this.#page.evaluate('takeLongSpans()');
    return { heapBytes: usedSize, domNodes: metric('Nodes'), listeners: metric('JSEventListeners'), busySeconds: metric('TaskDuration'), ...spans };
  }
}
