import type { z } from 'zod';
import { fit, parseBoundedJson } from '../../../reports/results/bounded-json';
import { HISTORY_SCHEMA, type HistoryEvent, type HistoryStart } from '../../model/history/history';
import { historySchema } from '../../model/history/history-schema';
import { issueInWords } from '../../support/issue-words';
import { UsageError } from '../../support/usage-error';

/** What happened at a host: how it began, requests and controls. */
export interface History {
  readonly start: HistoryStart;
  readonly events: readonly HistoryEvent[];
}

type HistoryFile = z.infer<typeof historySchema>;

/**
 * Reads a history.
 * @param file its name, for errors
 * @throws UsageError with the path of the field that is wrong
 */
export function parseHistory(text: string, file: string): History {
  const value = parseJson(text, file);
  const { schema } = (value ?? {}) as { schema?: unknown };
  if (typeof schema === 'string' && schema !== HISTORY_SCHEMA)
    throw wrong(file, ['schema'], `expected ${HISTORY_SCHEMA}, found ${JSON.stringify(schema.slice(0, 60))}`);
  const fitted = fit(historySchema, value, { error: issueInWords });
  if ('misfit' in fitted) throw wrong(file, fitted.misfit.path, fitted.misfit.message);
  const { start = 'empty', events } = fitted.data;
  const history = { start, events: events.map((event, i) => eventOf(event, file, i)) };
  checkSize(history.events, file);
  return history;
}

/** Each application has a table of its own, and each control is taken by every table: of no host are there so many. */
const MOST_APPLICATIONS = 20_000;
const MOST_CONTROLS_OF_TABLES = 5_000_000;

function checkSize(events: readonly HistoryEvent[], file: string): void {
  const applications = new Set<string>();
  let controls = 0;
  for (const event of events) {
    if (event.kind === 'control') controls++;
    else applications.add(event.applicationId);
  }
  const { size } = applications;
  if (size > MOST_APPLICATIONS)
    throw new UsageError(
      `${file} has requests of ${size} applications, more than ${MOST_APPLICATIONS}: check the applications apart, a file for some of them`,
    );
  if (controls * size > MOST_CONTROLS_OF_TABLES)
    throw new UsageError(
      `${file} has ${controls} controls, and requests of ${size} applications: check it in parts, cut where the host was reset`,
    );
}

function parseJson(text: string, file: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    throw new UsageError(
      `${file} is no JSON (${(error as Error).message}): name a file of ${HISTORY_SCHEMA}`,
      {
        cause: error,
      },
    );
  }
}

function eventOf(event: HistoryFile['events'][number], file: string, i: number): HistoryEvent {
  const { startMs } = event;
  if (event.endMs !== null && event.endMs < startMs) {
    throw wrong(file, ['events', i, 'endMs'], `is before its start (${startMs})`);
  }
  if (event.kind === 'control') {
    if (event.control === 'advance' && event.advanceSeconds === undefined) {
      throw wrong(
        file,
        ['events', i, 'advanceSeconds'],
        'is missing: by how much was the clock set forward?',
      );
    }
    const { control, endMs, advanceSeconds = 0 } = event;
    return { kind: 'control', startMs, endMs, control, advanceMs: 1000 * advanceSeconds };
  }
  const { virtual = false, endMs, count, ...rest } = event;
  if ((endMs === null) !== (count === null)) {
    throw wrong(
      file,
      ['events', i, 'count'],
      'and endMs are both null where the answer never came, and neither else',
    );
  }
  return { ...rest, count, endMs: endMs ?? Infinity, isVirtualMachine: virtual };
}

function wrong(file: string, path: readonly PropertyKey[], problem: string): UsageError {
  const field = path.map((key, i) =>
    typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`,
  );
  const where = field.length === 0 ? file : `${file}, ${field.join('')}`;
  return new UsageError(`${where}: ${problem}; docs/histories.md has the form`);
}
