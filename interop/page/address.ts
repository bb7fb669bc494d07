/** What the reader looks at, as it stands in the page's address: a link shows what its sender saw. */

export const views = ['matrix', 'scenarios', 'latency', 'start-up'] as const;
export type View = (typeof views)[number];

export interface Address {
  readonly view: View;
  /** Query words, as on the command line. */
  readonly query: string;
  /** What is opened: `client/server` or `client/server/scenario`; empty: nothing. */
  readonly at: string;
  /** Which round of the opened cell; 0: the one that tells the most. */
  readonly round: number;
  /** Only cells that are not as they were in the baseline. */
  readonly isChangedOnly: boolean;
  /** Contracts, groups and columns (`server:alpha`) that the reader opened, and with a `!` those that were folded. */
  readonly folds: readonly string[];
}

export const home: Address = { view: 'matrix', query: '', at: '', round: 0, isChangedOnly: false, folds: [] };

/** Reads `#view=latency&q=client:alpha`; what is not known is passed over. */
export function readAddress(hash: string): Address {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  const round = Number(found.get('round') ?? 0);
  return {
    view: views.find((view) => view === found.get('view')) ?? home.view,
    query: found.get('q') ?? '',
    at: found.get('at') ?? '',
    round: Number.isInteger(round) && round > 0 ? round : 0,
    isChangedOnly: found.get('changed') === '1',
    folds: found.get('folds')?.split(',').filter(Boolean) ?? [],
  };
}

/** Without what is as at the beginning; empty for the beginning itself. */
export function writeAddress({ view, query, at, round, isChangedOnly, folds }: Address): string {
  const parts: readonly (readonly [string, string])[] = [
    ['view', view === home.view ? '' : view],
    ['q', query],
    ['at', at],
    ['round', round === 0 ? '' : String(round)],
    ['changed', isChangedOnly ? '1' : ''],
    ['folds', folds.join(',')],
  ];
  const text = parts
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${readable(value)}`)
    .join('&');
  return text === '' ? '' : `#${text}`;
}

/** Encoded but for what no reader of addresses takes for anything else, so that a person can read it too. */
function readable(value: string): string {
  return encodeURIComponent(value).replaceAll(/%(?:2F|3A|2C|40)/g, decodeURIComponent);
}
