import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** Waits until there are exactly so many. */
export const counts = (elements: Locator, many: number): Promise<void> => expect.poll(() => elements.count()).toBe(many);
