import type { HistoryChecker, HistoryFailure } from './history-checker';

/** What a history came to, in one sentence. */
export function historyMessage({ failures, judged, unjudged }: HistoryChecker): string {
  const beside = unjudged === 0 ? '' : `; ${unjudged} could not be held against what was known of the host`;
  const [first] = failures;
  if (first !== undefined) return `${failureMessage(first)}${beside}`;
  return `${judged} answers have an order in which a conforming host gives these counts${beside}`;
}

/** Where an order ends, in words. */
export function failureMessage({ request, possible, part }: HistoryFailure): string {
  const overlapping = part.filter(({ endMs }) => endMs >= request.startMs).length;
  const right = possible.length === 0 ? 'no count' : possible.join(' or ');
  return (
    `no order of ${overlapping} overlapping requests gives ${request.clientMachineId} the count ${request.count}: ` +
    `by all that was answered before, ${right} would have been possible`
  );
}
