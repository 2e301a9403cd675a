import { EventLogError } from './event-error';
import { findEventLine } from './event-line';
import { FieldPicker, numberedValues, plainName, roleOf } from './field-names';
import { JsonSplitter } from './json-splitter';
import type { LogReader, LogRecord, Place, RecordSink } from './log-record';
import { readLoggedAt } from './log-time';
import type { Notices } from './notices';
import { xmlRecord } from './xml-event';

/** A value in an object, with the names on the way to it. */
type Leaf = readonly [path: string, value: string];

/** Names that converters from XML give an element's own text. */
const OWN_TEXT = new Set(['#text', '#value', '$text', '$t', '_', 'value', 'Value', 'text']);
const DEEPEST = 40;
const MOST_LEAVES = 200_000;

/**
 * Reads events in JSON: an array of them (ConvertTo-Json), one a line (Winlogbeat, NXLog, Splunk, jq -c), or within the answer of a search.
 * Which fields there are is left open: names tell number, host and time where they are known, and the line is found by what it is.
 */
export class JsonReader implements LogReader<string> {
  readonly #splitter: JsonSplitter;
  #count = 0;

  constructor(
    private readonly emit: RecordSink,
    private readonly notices: Notices,
  ) {
    this.#splitter = new JsonSplitter((text, damage) => this.#object(text, damage));
  }

  push(text: string): void {
    this.#splitter.push(text);
  }

  end(): void {
    this.#splitter.end();
    if (this.#count === 0) throw new EventLogError(this.notices.file, '', 'the JSON holds no objects');
  }

  #object(text: string, damage: string | null): void {
    const value = damage === null ? parse(text) : undefined;
    if (value === undefined) this.#record([['text', text]], damage ?? 'an object that is no JSON');
    else for (const object of eventObjects(value)) this.#record(leavesOf(object));
  }

  #record(leaves: readonly Leaf[], damage?: string): void {
    const place = { unit: 'record', number: ++this.#count };
    const record = namedRecord(leaves, place);
    this.emit(damage === undefined ? record : { ...record, damage });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The events in a value: itself, or the items of an array somewhere in it that are events by their fields. */
function eventObjects(value: unknown): unknown[] {
  const found: unknown[] = [];
  const visit = (one: unknown, depth: number): boolean => {
    if (typeof one !== 'object' || one === null || depth > DEEPEST) return false;
    const children: unknown[] = Array.isArray(one) ? one : Object.values(one);
    if (Array.isArray(one) && children.some((child) => isEvent(child, 0))) {
      for (const child of children) if (!visit(child, depth + 1)) found.push(child);
      return true;
    }
    if (Array.isArray(one) && one.some(isRow)) {
      for (const row of children) found.push(row);
      return true;
    }
    let within = false;
    for (const child of children) within = visit(child, depth + 1) || within;
    return within;
  };
  return visit(value, 0) ? found : [value];
}

/** Whether a list is a row of a table that holds the line of a request: Splunk and Log Analytics give tables so. */
const isRow = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.every((cell) => typeof cell !== 'object' || cell === null) &&
  (value.some((cell) => typeof cell === 'string' && findEventLine(cell) !== null) ||
    findEventLine(value.join(', ')) !== null);

/** Whether an object has the number of an event, or a message, in itself or a few levels down. */
function isEvent(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 4) return false;
  return Object.entries(value).some(
    ([name, child]) =>
      roleOf(name)?.role === 'id' || /^(_raw|message)$/i.test(name) || isEvent(child, depth + 1),
  );
}

/** All values of an object with their paths, objects in texts opened. */
function leavesOf(object: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (value: unknown, path: string, depth: number): void => {
    if (leaves.length >= MOST_LEAVES || depth > DEEPEST || value === null || value === undefined) return;
    if (Array.isArray(value)) value.forEach((item, i) => visit(item, `${path}[${i}]`, depth + 1));
    else if (typeof value === 'object') {
      for (const [name, child] of Object.entries(value)) {
        visit(child, OWN_TEXT.has(name) ? path : path === '' ? name : `${path}.${name}`, depth + 1);
      }
    } else if (typeof value === 'string') {
      leaves.push([path, value]);
      if (/^\s{0,9}[{[]/.test(value) && depth < DEEPEST) visit(parse(value), path, depth + 1);
    } else if (typeof value === 'number' || typeof value === 'boolean') leaves.push([path, String(value)]);
  };
  visit(object, '', 0);
  return leaves;
}

/** A record of the cells of a table, objects in them opened. */
export function cellsRecord(cells: readonly Leaf[], place: Place): LogRecord {
  const inner = cells.flatMap(([name, value]): Leaf[] =>
    value.startsWith('{') ? leavesOf(parse(value)).map(([path, leaf]) => [`${name}.${path}`, leaf]) : [],
  );
  return namedRecord(inner.length === 0 ? cells : [...cells, ...inner], place);
}

/** A record of named values. */
function namedRecord(leaves: readonly Leaf[], place: Place): LogRecord {
  const inner = leaves.map(([, value]) => value).find((value) => /^\s{0,9}<Event[\s>]/.test(value));
  const xml = inner === undefined ? null : xmlRecord(inner.trim(), place);
  if (xml !== null) return { ...xml, place };
  const fields = new FieldPicker();
  for (const [path, value] of leaves) fields.offer(path, value);
  const loggedText = fields.get('time');
  const own = leaves.filter(([path]) => isOwnValue(path));
  return {
    place,
    id: fields.id(),
    provider: fields.get('provider'),
    computer: fields.get('computer'),
    loggedAt: readLoggedAt(loggedText),
    loggedText,
    texts: leaves.map(([, value]) => value),
    data: numberedOr(own.length > 0 ? own : leaves),
  };
}

/** Numbered fields by their numbers; without such, all in their order. */
function numberedOr(leaves: readonly Leaf[]): string[] {
  const numbered = numberedValues(leaves);
  return numbered.length >= 9 ? numbered : leaves.map(([, value]) => value);
}

const isOwnValue = (path: string): boolean =>
  /event_?data|userdata|replacementstrings|properties\[|param\d/i.test(path) && plainName(path) !== '';
