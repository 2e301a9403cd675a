import { EventLogError } from './event-error';
import { activationEvent, findEventLines, type FoundLine } from './event-line';
import { EventTable } from './event-table';
import { findSpreadLine } from './spread-fields';
import { eventIdOf, type LogRecord } from './log-record';
import type { Notices } from './notices';
import {
  type ClientAnswer,
  clientAnswerOf,
  type ClientRequest,
  clientRequestOf,
  EVENT_ID,
  type LoggedPublication,
  publicationOf,
} from './other-events';

/** What a log holds. */
export interface LogContent {
  /** Events 12290, in the order of the file. */
  readonly events: EventTable;
  /** Events 12290 in which no line of a request was found. */
  readonly unreadable: number;
  /** Events 12288 and 12289, as clients log them. */
  readonly clientRequests: readonly ClientRequest[];
  readonly clientAnswers: readonly ClientAnswer[];
  /** Events 12293 and 12294. */
  readonly publications: readonly LoggedPublication[];
  /** Events of other numbers. */
  readonly others: number;
}

/** Windows, as it is called in logs of its versions; other software has events of these numbers too. */
const KMS_PROVIDER = /security-(spp|licensing)|software (protection|licensing)|kms|key management/i;
const KEPT_OTHERS = 100_000;

/** Sorts the records of a log by what they tell. */
export class EventCollector {
  readonly #events = new EventTable();
  readonly #clientRequests: ClientRequest[] = [];
  readonly #clientAnswers: ClientAnswer[] = [];
  readonly #publications: LoggedPublication[] = [];
  readonly #computers = new Set<string>();
  /** Of dates like 3/4/2026, the reading with the day first. */
  readonly #dayFirst = new Map<number, number>();
  #daysFirst = 0;
  #monthsFirst = 0;
  #unreadable = 0;
  #others = 0;

  constructor(
    private readonly file: string,
    private readonly notices: Notices,
  ) {}

  add(record: LogRecord): void {
    const id = eventIdOf(record.id);
    if (record.damage !== undefined) this.notices.add(record.damage, record.place);
    if (id === EVENT_ID.requestSent || id === EVENT_ID.answerProcessed) return this.#addClient(record, id);
    if (id === EVENT_ID.publishingFailed || id === EVENT_ID.published)
      return this.#addPublication(record, id);
    const lines = record.line === undefined ? linesOf(record) : [record.line];
    for (const line of lines) {
      if (line.isClients) this.#addClient(record, EVENT_ID.requestSent);
      else this.#addRequest(record, line);
    }
    if (lines.length > 0) return;
    if (id === EVENT_ID.request && isOfKms(record)) {
      this.#unreadable++;
      this.notices.add(`event ${EVENT_ID.request} without the line of a request`, record.place);
    } else if (record.damage !== undefined) this.#unreadable++;
    else this.#others++;
  }

  /** @throws EventLogError where there are requests, and not one of them could be read */
  finish(): LogContent {
    if (this.#events.length === 0 && this.#unreadable > 0) {
      const problem = `${this.#unreadable} events ${EVENT_ID.request}, and the line of a request in none of them`;
      const advice =
        'the export has no messages, or cuts them: export the log on the host itself, with: wevtutil epl "Key Management Service" kms.evtx';
      throw new EventLogError(this.file, '', problem, advice);
    }
    this.#settleDates();
    if (this.#computers.size > 1) {
      const some = [...this.#computers].sort().slice(0, 5).join(', ');
      this.notices.add(`${this.#computers.size} hosts logged these events (${some}); export the log of one`);
    }
    return {
      events: this.#events,
      unreadable: this.#unreadable,
      clientRequests: this.#clientRequests,
      clientAnswers: this.#clientAnswers,
      publications: this.#publications,
      others: this.#others,
    };
  }

  #addRequest({ place, computer, loggedAt }: LogRecord, line: FoundLine): void {
    if (line.time.dayFirst === true) this.#daysFirst++;
    if (line.time.dayFirst === false) this.#monthsFirst++;
    if (line.time.dayFirstMinute !== null) this.#dayFirst.set(this.#events.length, line.time.dayFirstMinute);
    if (computer !== '' && this.#computers.size < 1000) this.#computers.add(computer.toLowerCase());
    if (line.time.minute === null) this.notices.add('a client time in a form that is not known', place);
    this.#events.add(activationEvent(line), place, loggedAt);
  }

  #addClient(record: LogRecord, id: number): void {
    const request = id === EVENT_ID.requestSent ? clientRequestOf(record) : null;
    const answer = id === EVENT_ID.answerProcessed ? clientAnswerOf(record) : null;
    if (request !== null && this.#clientRequests.length < KEPT_OTHERS) this.#clientRequests.push(request);
    if (answer !== null && this.#clientAnswers.length < KEPT_OTHERS) this.#clientAnswers.push(answer);
    this.#others++;
  }

  #addPublication(record: LogRecord, id: number): void {
    const publication = isOfKms(record) ? publicationOf(record, id === EVENT_ID.publishingFailed) : null;
    if (publication !== null && this.#publications.length < KEPT_OTHERS) this.#publications.push(publication);
    this.#others++;
  }

  /** One log has one form of dates: where some can only have the day first, all have. */
  #settleDates(): void {
    if (this.#dayFirst.size === 0 || this.#daysFirst <= this.#monthsFirst) return;
    for (const [index, minute] of this.#dayFirst) this.#events.minute.set(index, minute);
  }
}

const isOfKms = ({ provider }: LogRecord): boolean => provider === '' || KMS_PROVIDER.test(provider);

/** Of a record, each once: mostly one, in one text or spread over the event's fields; a table in JSON may be one record of many. */
function linesOf({ id, texts, data }: LogRecord): FoundLine[] {
  const lines = new DistinctLines();
  for (const text of texts) lines.addAll(findEventLines(text));
  if (lines.found.length > 0) return lines.found;
  for (const value of data) lines.addAll(findEventLines(value));
  if (lines.found.length === 0 && data.length > 1) lines.addAll(findEventLines(data.join(', ')));
  const mayBeSpread = eventIdOf(id) === null || eventIdOf(id) === EVENT_ID.request;
  if (lines.found.length > 0 || !mayBeSpread) return lines.found;
  // Last, as a line that a console broke in two would be read wrong so.
  for (const text of new Set([...texts, ...data])) {
    const line = findSpreadLine(text);
    if (line !== null) return [line];
  }
  return [];
}

/** An event has its line in its message, and again in its fields. */
class DistinctLines {
  readonly found: FoundLine[] = [];
  #known: Set<string> | null = null;

  addAll(lines: readonly FoundLine[]): void {
    for (const line of lines) {
      if (this.found.length === 0) this.found.push(line);
      else this.#addNew(line);
    }
  }

  #addNew(line: FoundLine): void {
    this.#known ??= new Set([keyOf(this.found[0]!)]);
    const key = keyOf(line);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.found.push(line);
  }
}

const keyOf = ({
  clientMachineId,
  clientTime,
  skuId,
  hresult,
  licenseStatus,
  bindingExpirationMinutes,
}: FoundLine): string =>
  [clientMachineId, clientTime, skuId, hresult, licenseStatus, bindingExpirationMinutes].join();
