import { EventLogError } from './event-error';
import type { LogReader, LogRecord, RecordSink } from './log-record';
import type { Notices } from './notices';
import { xmlRecord } from './xml-event';

const OPENING = /<(?:[\w.-]{1,64}:)?Event[\s>]/g;
const CLOSING = /<\/(?:[\w.-]{1,64}:)?Event\s{0,20}>/g;
/** Messages of Windows end at 32 KB; this much without an end is no event. */
const LONGEST_EVENT = 4 * 1024 * 1024;
/** Of a tag that a piece of the file may cut. */
const LONGEST_TAG = 100;

/**
 * Reads what `wevtutil qe … /f:xml`, `/f:RenderedXml` and the Event Viewer write: `<Event>` elements, with or without a root around them.
 * Each is read by itself, so that one that is broken, or the end that is missing, costs no other. No entities are expanded but XML's own
 * five and those of characters, and a DOCTYPE is refused, so that no file can blow up.
 */
export class XmlReader implements LogReader<string> {
  #held = '';
  /** How much of it holds no beginning, or, within an event, no end. */
  #searched = 0;
  #inEvent = false;
  #count = 0;
  #lines = 1;

  constructor(
    private readonly emit: RecordSink,
    private readonly notices: Notices,
  ) {}

  push(text: string): void {
    this.#held += text;
    let at = 0;
    while (true) {
      const tag = find(this.#inEvent ? CLOSING : OPENING, this.#held, Math.max(at, this.#searched));
      if (tag === null) break;
      if (this.#inEvent) this.#event(this.#held.slice(at, tag.end));
      else this.#refuseDoctype(this.#held.slice(at, tag.start));
      this.#inEvent = !this.#inEvent;
      at = this.#inEvent ? tag.start : tag.end;
      this.#searched = tag.end;
    }
    if (!this.#inEvent) {
      this.#refuseDoctype(this.#held.slice(at));
      at = Math.max(at, this.#held.length - LONGEST_TAG);
    }
    this.#keep(at);
  }

  end(): void {
    if (this.#inEvent && this.#count > 0) this.#damaged('the file ends within an event', this.#held);
    if (this.#count === 0) {
      throw new EventLogError(this.notices.file, `line ${this.#lines}`, 'the XML holds no whole <Event>');
    }
  }

  #keep(from: number): void {
    for (let i = this.#held.indexOf('\n'); i >= 0 && i < from; i = this.#held.indexOf('\n', i + 1))
      this.#lines++;
    this.#held = this.#held.slice(from);
    this.#searched = Math.max(0, this.#held.length - LONGEST_TAG);
    if (this.#held.length <= LONGEST_EVENT) return;
    this.#damaged('an event that does not end', this.#held);
    this.#held = '';
    this.#searched = 0;
    this.#inEvent = false;
  }

  #refuseDoctype(between: string): void {
    if (/<!DOCTYPE/i.test(between)) {
      throw new EventLogError(this.notices.file, `line ${this.#lines}`, 'an event log has no DOCTYPE');
    }
  }

  #event(text: string): void {
    this.#count++;
    const record = xmlRecord(text, { unit: 'event', number: this.#count });
    if (record === null) this.#damaged('XML that is not well-formed', text);
    else this.emit(record);
  }

  /** What is broken may hold a whole line all the same. */
  #damaged(damage: string, text: string): void {
    const id = /<EventID[^>]{0,80}>\s{0,9}(\d{1,10})/.exec(text)?.[1];
    const record: LogRecord = {
      place: { unit: 'event', number: this.#count },
      id: id === undefined ? null : Number(id),
      provider: '',
      computer: '',
      loggedAt: null,
      loggedText: '',
      texts: [text.slice(0, LONGEST_EVENT)],
      data: [],
      damage,
    };
    this.emit(record);
  }
}

function find(pattern: RegExp, text: string, from: number): { start: number; end: number } | null {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match === null ? null : { start: match.index, end: match.index + match[0].length };
}
