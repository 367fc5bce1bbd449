import type { Series } from '@clms/protocol';

/** One group of a period. Which figures it has besides `value` depends on the series. */
export interface AnalyticsPoint {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly [figure: string]: string | number;
}

interface Part {
  /** First and last day, YYYY-MM-DD of the venue. */
  readonly from: string;
  readonly to: string;
  readonly series: readonly AnalyticsPoint[];
  readonly totals: Readonly<Record<string, number>>;
}

export interface AnalyticsAnswer extends Part {
  readonly kind: Series;
  readonly groupBy: string;
  readonly previous?: Part;
}
