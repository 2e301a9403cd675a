import { columns } from '../../../reports/text/columns';
import type { Segment, SegmentCollector } from './segments';

const HEADINGS = ['request', 'sent', 'answered', 'model', 'places', ''] as const;

/** The segments of a stream as lines of a table: `1–10  server 1–10  1…10  1…10  10`. */
export function streamTable(collector: SegmentCollector): string[] {
  const { first, left, last } = collector.segments;
  const rows: string[][] = [[...HEADINGS], ...first.map(row)];
  if (left > 0) rows.push(['…', `${left} further lines left out`, '', '', '', '']);
  rows.push(...last.map(row));
  return columns(rows);
}

function row(segment: Segment): string[] {
  const { from, to, answered, expected, capacity, note, differs } = segment;
  const length = to - from + 1;
  return [
    span(from + 1, to + 1),
    what(segment),
    note ?? counts(answered, length),
    expected.from === null ? 'refusal' : counts(expected, length),
    `${capacity}`,
    differs ? '<- differs' : '',
  ];
}

const span = (from: number, to: number): string => (from === to ? `${from}` : `${from}–${to}`);

function what({ action, word, firstOrdinal, lastOrdinal }: Segment): string {
  const machines = `${word} ${span(firstOrdinal, lastOrdinal)}`;
  switch (action) {
    case 'first':
      return machines;
    case 'renewal':
      return `renewal of ${machines}`;
    case 'duplicate':
      return `duplicate from ${machines}`;
    case 'clone':
      return `${machines}, a clone`;
    case 'reimage':
      return `${machines}, re-imaged`;
  }
}

function counts({ from, to, step }: Segment['answered'], length: number): string {
  if (from === null) return '-';
  if (length === 1) return `${from}`;
  return step === 0 ? `${from} ×${length}` : `${from}…${to}`;
}
