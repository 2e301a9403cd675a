import { formatStatus } from '../../../protocol';
import type { LogContent } from './event-collector';
import { formatMinute } from './log-time';
import { EVENT_ID, type ClientRequest, type LoggedPublication } from './other-events';
import { printable } from './printable';
import { type JudgedPublication, lastPublications } from './publishing';
import type { SeenRequest } from './requests';

/** Of each kind, so many are told in full. */
const LINES = 20;

/** What else a log tells: what clients say that they asked, and what was published in DNS. Empty where it tells nothing. */
export function formatOtherEvents(
  log: Pick<LogContent, 'clientRequests' | 'clientAnswers' | 'publications'>,
  seen: readonly SeenRequest[],
  judged: readonly JudgedPublication[],
): string {
  const lines = [...clientLines(log, seen), ...publicationLines(log.publications, judged)];
  return lines.length === 0 ? '' : `${lines.map(printable).join('\n')}\n`;
}

function clientLines(
  { clientRequests, clientAnswers }: Pick<LogContent, 'clientRequests' | 'clientAnswers'>,
  seen: readonly SeenRequest[],
): string[] {
  const lines: string[] = [];
  if (clientRequests.length > 0) {
    const requests = new AskedRequests(seen);
    lines.push(`${clientRequests.length} events ${EVENT_ID.requestSent}: what clients asked`);
    for (const event of clientRequests.slice(0, LINES))
      lines.push(`  ${describeAsked(event, requests.find(event))}`);
    if (clientRequests.length > LINES) lines.push(`  ${clientRequests.length - LINES} more`);
  }
  if (clientAnswers.length > 0) {
    const activated = clientAnswers.filter((answer) => answer.activated).length;
    lines.push(
      `${clientAnswers.length} events ${EVENT_ID.answerProcessed}: answers processed, ${activated} of them activated`,
    );
  }
  return lines;
}

function describeAsked(event: ClientRequest, seen: SeenRequest | null): string {
  const time = event.clientMinute === null ? event.clientTime : formatMinute(event.clientMinute);
  const answer = event.hresult === 0 ? 'sent' : formatStatus(event.hresult);
  return `${event.where}, ${event.clientMachineId} of ${event.host} at ${time}: ${answer}; ${seen?.where ?? 'not in the capture'}`;
}

/** Requests of the capture by machine, product and minutes to expiration: clients may write their local time. */
class AskedRequests {
  readonly #byKey = new Map<string, SeenRequest[]>();

  constructor(seen: readonly SeenRequest[]) {
    for (const request of seen) {
      const key = keyOf(request);
      const others = this.#byKey.get(key);
      if (others === undefined) this.#byKey.set(key, [request]);
      else others.push(request);
    }
  }

  /** The first that fits in minutes of the hour. */
  find(event: ClientRequest): SeenRequest | null {
    const fits = ({ minute }: SeenRequest): boolean =>
      event.clientMinute === null ||
      (Math.abs(minute - event.clientMinute) <= 14 * 60 && (minute - event.clientMinute) % 15 === 0);
    return this.#byKey.get(keyOf(event))?.find(fits) ?? null;
  }
}

const keyOf = (one: Pick<SeenRequest, 'clientMachineId' | 'skuId' | 'bindingExpirationMinutes'>): string =>
  `${one.clientMachineId}|${one.skuId}|${one.bindingExpirationMinutes}`;

function publicationLines(
  publications: readonly LoggedPublication[],
  judged: readonly JudgedPublication[],
): string[] {
  if (judged.length > 0) {
    return judged.map(({ domain, event, message }) => `DNS of ${domain} (${event.where}): ${message}`);
  }
  return lastPublications(publications)
    .slice(0, LINES)
    .map(({ domain, hresult, where }) =>
      hresult === null
        ? `DNS of ${domain}: published, says the host (${where}); --dns asks the zone`
        : `DNS of ${domain}: not published, ${formatStatus(hresult)} (${where}); --dns asks the zone`,
    );
}
