import { type OverlapPicture, overlapDrawing } from '../charts/overlap';
import { html } from '../escape/html';
import { page } from './page';

/** What is told of a history whose answers have no order. */
export interface HistoryPage {
  readonly title: string;
  readonly message: string;
  readonly isGood: boolean;
  readonly pictures: readonly OverlapPicture[];
}

/** A page of its own, with a drawing of each part that has no order. */
export function historyPage({ title, message, isGood, pictures }: HistoryPage): string {
  const header = html`<h1>${title}</h1><p class="verdict ${isGood ? 'good' : 'bad'}"><strong>${isGood ? 'AN ORDER' : 'NO ORDER'}</strong> <span>${message}</span></p>`;
  const main = pictures.map(
    (picture, i) =>
      html`<h2>Part ${i + 1}</h2><div class="scroll" tabindex="0" role="region" aria-label="Requests in time">${overlapDrawing(picture, `overlap-${i}`)}</div>`,
  );
  return page(title, header, html`${main}`, html`<p>kmsspec check-history</p>`);
}
