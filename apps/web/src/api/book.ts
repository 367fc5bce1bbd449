/** One copy of a title. */
export interface Book {
  readonly id: string;
  readonly titleId: string;
  readonly status: 'AVAILABLE' | 'ON_LOAN' | 'ON_HOLD_SHELF' | 'LOST';
  readonly barcode: string;
  readonly title: string;
  readonly author: string | null;
  readonly callNumber: string | null;
  readonly collectionCode: string | null;
  readonly isbn: string | null;
  readonly year: string | null;
  readonly location: string | null;
  readonly version: number;
}
