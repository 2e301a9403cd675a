import { html, type Html } from '../escape/html';
import { escapeTerminal } from '../escape/terminal';
import { bottomAxis, drawing, frame } from './svg';

/** One request as a bar of time. */
export interface OverlapBar {
  /** Who asked. */
  readonly label: string;
  readonly startMs: number;
  /** Infinity for an answer that never came. */
  readonly endMs: number;
  readonly count: number | null;
  /** The one with which there is no order any more. */
  readonly isWrong: boolean;
}

/** Requests that overlap, with the counts that they were answered with. */
export interface OverlapPicture {
  readonly bars: readonly OverlapBar[];
  /** What the wrong one could have been answered with. */
  readonly possible: readonly number[];
}

const COLUMNS = 48;

/** The picture in lines of text, for terminals. */
export function overlapText({ bars, possible }: OverlapPicture): string[] {
  const [from, to] = span(bars);
  const column = (ms: number): number =>
    Math.round(((Math.min(ms, to) - from) / (to - from)) * (COLUMNS - 1));
  const width = Math.max(...bars.map(({ label }) => label.length));
  const lines = bars.map(({ label, startMs, endMs, count, isWrong }) => {
    const [left, right] = [column(startMs), column(endMs)];
    const bar = `${' '.repeat(left)}[${'='.repeat(Math.max(0, right - left - 1))}${endMs > to ? '>' : ']'}`;
    const told = count === null ? 'no answer' : `${count}`;
    const wrong = isWrong ? `  <- possible: ${possible.length === 0 ? 'nothing' : possible.join(', ')}` : '';
    return escapeTerminal(`${label.padEnd(width)}  ${bar.padEnd(COLUMNS + 1)} ${told}${wrong}`);
  });
  return [
    ...lines,
    `${' '.repeat(width + 2)}${(to - from).toFixed(3)} ms from the first start to the last end`,
  ];
}

const ROW = 22;

/** The picture as a drawing of a page. */
export function overlapDrawing(picture: OverlapPicture, id: string): Html {
  const { bars, possible } = picture;
  const [from, to] = span(bars);
  const area = frame(70 + ROW * bars.length);
  const left = area.left + 190;
  const right = area.right - 130;
  const at = (ms: number): number => left + ((Math.min(ms, to) - from) / (to - from)) * (right - left);
  const rows = bars.map(({ label, startMs, endMs, count, isWrong }, i) => {
    const y = area.top + ROW * i;
    const told = count === null ? 'no answer' : `count ${count}`;
    const wrong = isWrong ? `; possible: ${possible.length === 0 ? 'none' : possible.join(', ')}` : '';
    const x = at(startMs);
    return html`<text x="4" y="${y + 12}">${label.slice(0, 36)}</text><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(2, at(endMs) - x).toFixed(1)}" height="15" fill="${isWrong ? '#cf222e' : '#8c959f'}"/><text x="${(right + 6).toFixed(1)}" y="${y + 12}">${told}${wrong}</text>`;
  });
  const ticks = [0, 0.5, 1].map((share) => ({
    at: left + share * (right - left),
    label: `${(share * (to - from)).toFixed(2)}`,
  }));
  const title = 'Requests that overlap, each with its count';
  const description = overlapText(picture).join('; ');
  return drawing(id, area, title, description, html`${rows}${bottomAxis(area, ticks, 'milliseconds')}`);
}

/** From the first start to the last end; never nothing. */
function span(bars: readonly OverlapBar[]): readonly [number, number] {
  const from = Math.min(...bars.map(({ startMs }) => startMs));
  const ends = bars.map(({ startMs, endMs }) => (endMs === Infinity ? startMs : endMs));
  return [from, Math.max(from + 0.001, ...ends)];
}
