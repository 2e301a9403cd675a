import { html, type Html, type HtmlValue } from '../escape/html';

/** Room that charts leave around the plot, in user units of the drawing. */
export const MARGIN = { top: 18, right: 24, bottom: 44, left: 78 } as const;
export const WIDTH = 820;

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Plot area. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function frame(height: number): Frame {
  return {
    width: WIDTH,
    height,
    left: MARGIN.left,
    right: WIDTH - MARGIN.right,
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
  };
}

/** A drawing with the name and description that screen readers read instead. Styled by the page's sheet. */
export function drawing(
  id: string,
  area: Frame,
  title: string,
  description: string,
  content: HtmlValue,
): Html {
  return html`<svg viewBox="0 0 ${area.width} ${area.height}" role="img" aria-labelledby="${id}-title ${id}-description" class="chart" id="${id}"><title id="${id}-title">${title}</title><desc id="${id}-description">${description}</desc>${content}</svg>`;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** A horizontal axis with ticks at these places of the drawing. */
export function bottomAxis(area: Frame, ticks: readonly Tick[], label: string): Html {
  return html`<g class="axis"><line x1="${area.left}" x2="${area.right}" y1="${area.bottom}" y2="${area.bottom}"/>${ticks.map(
    ({ at, label: text }) =>
      html`<line x1="${round(at)}" x2="${round(at)}" y1="${area.bottom}" y2="${area.bottom + 5}"/><text x="${round(at)}" y="${area.bottom + 18}" text-anchor="middle">${text}</text>`,
  )}<text class="axis-label" x="${(area.left + area.right) / 2}" y="${area.height - 6}" text-anchor="middle">${label}</text></g>`;
}

/** A vertical axis with grid lines. */
export function leftAxis(area: Frame, ticks: readonly Tick[], label: string): Html {
  const middle = (area.top + area.bottom) / 2;
  return html`<g class="axis">${ticks.map(
    ({ at, label: text }) =>
      html`<line class="grid" x1="${area.left}" x2="${area.right}" y1="${round(at)}" y2="${round(at)}"/><text x="${area.left - 8}" y="${round(at) + 4}" text-anchor="end">${text}</text>`,
  )}<text class="axis-label" transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${label}</text></g>`;
}

export interface LegendItem {
  readonly className: string;
  readonly label: string;
}

/** What each line stands for, with a sample of it, as HTML above the drawing. */
export function legend(items: readonly LegendItem[]): Html {
  return html`<ul class="legend">${items.map(
    ({ className, label }) =>
      html`<li><svg viewBox="0 0 28 10" aria-hidden="true"><line class="${className}" x1="1" x2="27" y1="5" y2="5"/></svg>${label}</li>`,
  )}</ul>`;
}

/** Two decimals are enough for a drawing, and keep files small. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** At most `most` items, evenly taken, the last among them. */
export function thinOut<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]!);
}
