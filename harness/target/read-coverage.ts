/** The number of an edge of a host's code, and how often it was taken, one pair behind the other. */
export type CoverageHits = readonly number[];

const QUOTED = 40;

/**
 * What a host ran, as `EDGE:HITS` with blanks between, such as `12:1 13:255`; nothing where it ran nothing.
 * @returns why it cannot be read, where it cannot
 */
export function readCoverage(text: string): CoverageHits | string {
  const hits: number[] = [];
  for (const pair of text.trim().split(/\s+/)) {
    if (pair === '') continue;
    const match = /^(\d{1,9}):(\d{1,9})$/.exec(pair);
    if (match === null)
      return `told ${JSON.stringify(pair.slice(0, QUOTED))} of what the host ran, which is no EDGE:HITS such as 12:1`;
    hits.push(Number(match[1]), Number(match[2]));
  }
  return hits;
}
