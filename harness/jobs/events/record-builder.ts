import { FieldPicker } from './field-names';
import type { LogRecord, Place } from './log-record';
import { readLoggedAt } from './log-time';

/** Takes the elements of one `<Event>`, from XML or its binary form, and makes a record of them. */
export class RecordBuilder {
  readonly #path: string[] = [];
  readonly #fields = new FieldPicker();
  readonly #data: string[] = [];
  readonly #texts: string[] = [];
  /** Of the innermost element that is open; those of the ones around it wait. */
  #text = '';
  readonly #outerTexts: string[] = [];
  #omitted = false;
  #recordId = '';

  open(name: string): void {
    this.#outerTexts.push(this.#text);
    this.#text = '';
    this.#omitted = false;
    this.#path.push(name);
  }

  attribute(name: string, value: string): void {
    const element = this.#path.at(-1);
    if (element === 'TimeCreated' && name === 'SystemTime') this.#fields.offer('SystemTime', value);
    if (element === 'Provider' && name === 'Name') this.#fields.offer('ProviderName', value);
  }

  text(piece: string): void {
    this.#text += piece;
  }

  /** The element that is open stands for nothing, and is left out. */
  omit(): void {
    this.#omitted = true;
  }

  close(): void {
    const isOmitted = this.#omitted;
    this.#omitted = false;
    const element = this.#path.pop();
    const parent = this.#path.at(-1);
    const value = this.#text;
    this.#text = this.#outerTexts.pop() ?? '';
    if (element === undefined || isOmitted) return;
    if (parent === 'System') {
      if (element === 'EventRecordID') this.#recordId = value.trim();
      else this.#fields.offer(element, value);
      return;
    }
    if (element === 'Message') this.#texts.push(value);
    // The fields of an event are in <EventData>, an array of them item by item, or in an element of the provider's own in <UserData>.
    else if (element === 'Data' || element === 'string' || this.#path.includes('UserData'))
      this.#data.push(...stringsOf(value));
  }

  get depth(): number {
    return this.#path.length;
  }

  /** @param place used where the event has no record number of its own */
  record(place: Place): LogRecord {
    const loggedText = this.#fields.get('time');
    return {
      place: /^\d{1,15}$/.test(this.#recordId)
        ? { unit: 'event record', number: Number(this.#recordId) }
        : place,
      id: this.#fields.id(),
      provider: this.#fields.get('provider'),
      computer: this.#fields.get('computer'),
      loggedAt: readLoggedAt(loggedText),
      loggedText,
      texts: this.#texts,
      data: this.#data,
    };
  }
}

/** Readers of other projects put an array of strings into one element, each in `<string>`. */
function stringsOf(value: string): string[] {
  if (!value.startsWith('<string>')) return [value];
  return [...value.matchAll(/<string>([^]*?)<\/string>/g)]
    .slice(0, MOST_STRINGS)
    .map(([, text = '']) => text);
}

const MOST_STRINGS = 1000;
