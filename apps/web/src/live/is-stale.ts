import type { Freshness } from '@clms/client';

/** Whether figures from a topic must look like old ones: `<div data-stale={isStale(freshness)}>` dims them. */
export const isStale = (freshness: Freshness): boolean => freshness.state === 'stale';
