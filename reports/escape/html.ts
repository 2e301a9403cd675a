import { makeVisible } from './visible';

/** Markup that is safe to put into a page: made by the `html` tag only, never from a string that came from elsewhere. */
export class Html {
  /** @internal use {@link html} */
  constructor(readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

export type HtmlValue = Html | string | number | undefined | readonly (Html | string | number)[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text as it may stand between tags and in quoted attributes. Acting characters are written out. */
export function escapeHtml(text: string): string {
  return makeVisible(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character]!);
}

/** A template whose values are escaped unless they are markup already; arrays are joined, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0]!;
  values.forEach((value, index) => {
    markup += render(value) + strings[index + 1]!;
  });
  return new Html(markup);
}

/** Markup that this program wrote itself: style, script and charts. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

function render(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(render).join('');
}
