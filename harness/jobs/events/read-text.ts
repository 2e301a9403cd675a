import { BrokenLines, type CutLine, unbroken } from './broken-lines';
import { EventLogError } from './event-error';
import { findEventLines, type FoundLine } from './event-line';
import { FieldPicker } from './field-names';
import type { LogReader, LogRecord, Place, RecordSink } from './log-record';
import { readLoggedAt } from './log-time';
import type { Notices } from './notices';

/** `  Event ID: 12290`, `Id           : 12290`, `EventCode=12290`. */
const LABEL = /^\s{0,8}([\p{L}][\p{L}\p{N} ._'’#-]{0,40}?)\s{0,40}(?:[:=：])\s?(.*)$/u;
/** What `wevtutil qe /f:text` puts before each event. */
const WEVTUTIL = /^Event\[\d{1,10}\]:?\s*$/;
/** PowerShell 7 colours its labels. */
const ESCAPE = '\u001b';
const COLOURS = new RegExp(`${ESCAPE}\\[[0-9;]{0,20}m`, 'g');
const LONGEST_LINE = 4 * 1024 * 1024;
const LONGEST_TEXT = 64 * 1024;
/** Remembered of one event. */
const MOST_LINES = 100;
const MOST_LABELS = 1000;
/** What the lab host and `inspect --events` write of a request that they cannot read. */
const SEALED = /^\s*0x[0-9a-f]{1,8}, \d{1,10} bytes that are no version 4\.0 request/i;

/**
 * Reads what people copy and programs print: bare lines, `wevtutil /f:text`, Format-List, Splunk's `_raw`, syslog. Lines of requests are found
 * by what they are; labels tell the events apart, the first one of the file beginning each.
 */
export class TextReader implements LogReader<string> {
  #rest = '';
  #line = 0;
  #firstLabel: string | null = null;
  #event = new TextEvent(0);
  readonly #broken = new BrokenLines((line) => {
    this.#found++;
    const isKept = this.#event.isLabelled && this.#event.cut.length < MOST_LINES;
    if (isKept) this.#event.cut.push(line);
    else this.emit(cutRecord(line));
  });
  #found = 0;
  #noises = 0;
  #firstNoise: Place | null = null;

  constructor(
    private readonly emit: RecordSink,
    private readonly notices: Notices,
  ) {}

  push(text: string): void {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line.includes(ESCAPE) ? line.replace(COLOURS, '') : line);
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#take(this.#rest);
    this.#rest = '';
    this.emit({
      ...new TextEvent(0).record({ unit: 'line', number: this.#line }, ''),
      damage: 'a line that does not end',
    });
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#endEvent();
    // Among labels, other lines are as they should be; a bare list has none.
    if (this.#firstLabel === null && this.#noises > 0) {
      this.notices.add('no line of an event', this.#firstNoise, this.#noises);
    }
    if (this.#found === 0) {
      throw new EventLogError(
        this.notices.file,
        'line 1',
        'it has no column of event ids, nor lines of events',
      );
    }
  }

  #take(line: string): void {
    this.#line++;
    const place = { unit: 'line', number: this.#line };
    if (line.trim() === '') {
      this.#broken.take(line, place);
      return this.#event.add(line);
    }
    const label = this.#labelOf(line);
    if (label !== null && (label.name === this.#firstLabel || this.#event.isTaken(label.name)))
      this.#endEvent();
    if (label !== null) this.#event.label(label.name, label.value);
    this.#event.add(line);
    const found = findEventLines(line);
    if (found.length > 0 || label !== null) this.#broken.close();
    for (const one of found) this.#emitLine(one, place, line);
    if (found.length > 0) return;
    const mended = this.#broken.take(line, place);
    if (mended !== null) this.#emitLine(mended.line, mended.place, line);
    else if (this.#firstLabel === null && !this.#broken.isOpen) this.#noise(line, place);
  }

  #emitLine(line: FoundLine, place: Place, text: string): void {
    this.#found++;
    if (this.#event.isNew(line)) this.emit(this.#event.record(place, text, line));
  }

  #labelOf(line: string): { name: string; value: string } | null {
    if (WEVTUTIL.test(line)) {
      this.#firstLabel ??= 'Event[]';
      return { name: 'Event[]', value: '' };
    }
    const [, name, value = ''] = LABEL.exec(line.slice(0, 300)) ?? [];
    if (name === undefined) return null;
    this.#firstLabel ??= name;
    return { name, value };
  }

  #endEvent(): void {
    this.#broken.close();
    const event = this.#event;
    this.#event = new TextEvent(this.#line + 1);
    for (const line of event.cutBesides()) this.emit(cutRecord(line));
    if (!event.isLabelled) return;
    // A console breaks long lines: the line may stand on several.
    const record = event.whole({ unit: 'line', number: event.start });
    if (record.id !== null || event.lines > 0) this.#found++;
    if (event.lines === 0) this.emit(record);
  }

  #noise(line: string, place: Place): void {
    if (SEALED.test(line)) this.#found++;
    // Markup around lines is none of them.
    else if (!/^\s*</.test(line)) {
      this.#firstNoise ??= place;
      this.#noises++;
    }
  }
}

const cutRecord = ({ text, place }: CutLine): LogRecord => ({
  ...new TextEvent(0).record(place, text),
  damage: 'a line of an event that is cut',
});

/** Lines from one beginning of an event to the next. */
class TextEvent {
  readonly #fields = new FieldPicker();
  readonly #names = new Set<string>();
  readonly #lines: string[] = [];
  readonly #seen = new Set<string>();
  #length = 0;
  /** Lines of requests found in it. */
  lines = 0;
  readonly cut: CutLine[] = [];

  constructor(readonly start: number) {}

  get isLabelled(): boolean {
    return this.#names.size > 0;
  }

  /** What was cut, but for one that stands for the event itself where it has a number and no line. */
  cutBesides(): readonly CutLine[] {
    return this.lines === 0 && this.#fields.id() !== null ? this.cut.slice(1) : this.cut;
  }

  /** Whether the event has this one already: then the next has begun. */
  isTaken(name: string): boolean {
    return this.#names.has(name) && new FieldPicker().offer(name, 'x');
  }

  label(name: string, value: string): void {
    if (this.#names.size < MOST_LABELS) this.#names.add(name);
    this.#fields.offer(name, value);
  }

  /** The Event Viewer copies an event as text and as XML: its line stands there twice. */
  isNew(line: FoundLine): boolean {
    this.lines++;
    if (!this.isLabelled || this.#fields.id() === null) return true;
    const text = JSON.stringify(line);
    const isKnown = this.#seen.has(text);
    if (this.#seen.size < MOST_LINES) this.#seen.add(text);
    return !isKnown;
  }

  add(line: string): void {
    if (this.#length > LONGEST_TEXT) return;
    this.#lines.push(line);
    this.#length += line.length + 1;
  }

  record(place: Place, text: string, line?: FoundLine): LogRecord {
    const loggedText = this.#fields.get('time');
    return {
      place,
      id: this.#fields.id(),
      provider: this.#fields.get('provider'),
      computer: this.#fields.get('computer'),
      loggedAt: readLoggedAt(loggedText),
      loggedText,
      texts: [text],
      data: [],
      ...(line === undefined ? {} : { line }),
    };
  }

  whole(place: Place): LogRecord {
    const record = this.record(place, this.#lines.join('\n'));
    return { ...record, texts: [...record.texts, unbroken(this.#lines)] };
  }
}
