import { jsonText } from '../../../reports/escape/json';
import { HISTORY_SCHEMA, type HistoryEvent, type HistoryStart } from '../../model/history/history';

/** A history as the text of a file (docs/histories.md), piece by piece: what `next` and `end` give belongs behind one another. */
export class HistoryText {
  #before: string;

  /** @param start what the host held before the first event */
  constructor(start: HistoryStart) {
    this.#before = `{ "schema": ${JSON.stringify(HISTORY_SCHEMA)}, "start": ${JSON.stringify(start)},\n  "events": [\n    `;
  }

  /** The next piece: an event, on a line of its own. */
  next(event: HistoryEvent): string {
    const before = this.#before;
    this.#before = ',\n    ';
    return before + jsonText(event.kind === 'control' ? controlFields(event) : requestFields(event));
  }

  /** The last piece. */
  end(): string {
    const isEmpty = this.#before.startsWith('{');
    return isEmpty ? `${this.#before.trimEnd()}] }\n` : '\n  ] }\n';
  }
}

function controlFields({ advanceMs, ...rest }: Extract<HistoryEvent, { kind: 'control' }>): object {
  return rest.control === 'advance' ? { ...rest, advanceSeconds: advanceMs / 1000 } : rest;
}

function requestFields({
  isVirtualMachine,
  endMs,
  ...rest
}: Extract<HistoryEvent, { kind: 'request' }>): object {
  return {
    ...rest,
    endMs: endMs === Infinity ? null : endMs,
    ...(isVirtualMachine ? { virtual: true } : {}),
  };
}
