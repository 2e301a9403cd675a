import Papa from 'papaparse';
import { EventLogError } from './event-error';
import { type LoggedEvent, parseEventLine } from './event-line';
import { type ParsedEvents, REQUEST_EVENT_ID, severalHosts } from './parsed-events';

/** Columns that hold the event's id: Export-Csv of Get-WinEvent and Get-EventLog, the Event Viewer. */
const ID_COLUMNS = ['id', 'eventid', 'event id', 'instanceid'];
/** Columns that name the host that logged. */
const COMPUTER_COLUMNS = ['machinename', 'computer'];

/**
 * Reads an exported CSV. The line of the event is looked for in every column: the Event Viewer gives its last column no name.
 * @throws EventLogError where it is no CSV with a column of event ids, nor lists lines of events
 */
export function readCsvEvents(text: string, file: string): ParsedEvents {
  // Export-Csv of Windows PowerShell writes a line of its own first.
  const body = text.replace(/^#TYPE [^\n]*\n/, '');
  const { data, errors } = Papa.parse<string[]>(body, { skipEmptyLines: 'greedy' });
  const [header, ...rows] = data;
  const idColumn = idColumnOf(header ?? [], rows);
  const computerColumn = columnOf(header ?? [], COMPUTER_COLUMNS);
  if (idColumn < 0) return bareLines(text, file);
  const warnings = errors
    .filter(({ code }) => code !== 'TooFewFields' && code !== 'TooManyFields')
    .map(({ row, message }) => `${file}, record ${(row ?? 0) + 1}: ${message}`);
  const events: LoggedEvent[] = [];
  const computers = new Set<string>();
  let others = 0;
  rows.forEach((row, i) => {
    const where = `record ${i + 1}`;
    if (row[idColumn]?.trim() !== REQUEST_EVENT_ID) {
      others++;
      return;
    }
    const event = firstEvent(row);
    if (event === null)
      warnings.push(`${file}, ${where}: event ${REQUEST_EVENT_ID} without the line of a request`);
    else events.push({ ...event, where });
    if (computerColumn >= 0) computers.add((row[computerColumn] ?? '').trim().toLowerCase());
  });
  return { events, others, warnings: [...warnings, ...severalHosts(computers, file)] };
}

const columnOf = (header: readonly string[], names: readonly string[]): number =>
  header.findIndex((name) => names.includes(name.trim().toLowerCase()));

/** The Event Viewer translates its headings: then the column is told by a record of a request. */
function idColumnOf(header: readonly string[], rows: readonly (readonly string[])[]): number {
  const named = columnOf(header, ID_COLUMNS);
  if (named >= 0) return named;
  const isId = (cell: string): boolean => cell.trim() === REQUEST_EVENT_ID;
  const request = rows.find((cells) => cells.some(isId) && firstEvent(cells) !== null);
  return request === undefined ? -1 : request.findIndex(isId);
}

function firstEvent(cells: readonly string[]): ReturnType<typeof parseEventLine> {
  for (const cell of cells) {
    const event = parseEventLine(cell);
    if (event !== null) return event;
  }
  return null;
}

/** No header: lines of events alone, as `kmsspec inspect --events` prints them. */
function bareLines(text: string, file: string): ParsedEvents {
  const events: LoggedEvent[] = [];
  const warnings: string[] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '') return;
    const where = `line ${i + 1}`;
    const event = parseEventLine(line);
    if (event === null) warnings.push(`${file}, ${where}: no line of an event`);
    else events.push({ ...event, where });
  });
  if (events.length === 0) {
    throw new EventLogError(file, 'line 1', 'it has no column of event ids, nor lines of events');
  }
  return { events, others: 0, warnings };
}
