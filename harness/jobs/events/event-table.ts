import type { ActivationEvent, LoggedEvent } from './event-line';
import { formatPlace, type Place } from './log-record';
import { formatMinute } from './log-time';

/** Stands for a client's time that could not be read. */
export const NO_MINUTE = -0x8000_0000;

type Numbers = Int32Array | Uint32Array | Float64Array;

/** A list of numbers that grows: a million events as objects would take half a gigabyte. */
class Column<T extends Numbers> {
  #values: T;
  length = 0;

  constructor(private readonly make: (size: number) => T) {
    this.#values = make(64);
  }

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = this.make(this.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}

const unsigned = (): Column<Uint32Array> => new Column((size) => new Uint32Array(size));
const signed = (): Column<Int32Array> => new Column((size) => new Int32Array(size));
const exact = (): Column<Float64Array> => new Column((size) => new Float64Array(size));

/** Each text once, by number. */
class Texts {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    // A copy: a part of a text would keep the piece of the file that it is of.
    const copy = Buffer.from(text, 'utf16le').toString('utf16le');
    this.#numbers.set(copy, this.#texts.length);
    return this.#texts.push(copy) - 1;
  }

  at(number: number): string {
    return this.#texts[number]!;
  }
}

/** The events 12290 of a log, in its order, by columns. */
export class EventTable implements Iterable<LoggedEvent> {
  readonly hresult = unsigned();
  readonly requiredClientCount = unsigned();
  readonly isVirtualMachine = unsigned();
  readonly licenseStatus = unsigned();
  readonly bindingExpirationMinutes = unsigned();
  /** As it was logged, in whatever zone; `NO_MINUTE` where it could not be read. */
  readonly minute = signed();
  /** When it was logged, ms since 1970 UTC; NaN where the file does not tell. */
  readonly loggedAt = exact();
  readonly #cmid = [unsigned(), unsigned(), unsigned(), unsigned()] as const;
  readonly #name = unsigned();
  readonly #sku = unsigned();
  readonly #unit = unsigned();
  readonly #number = exact();
  readonly #names = new Texts();
  readonly #skus = new Texts();
  readonly #units = new Texts();
  /** Times in a form that is not known. */
  readonly #times = new Map<number, string>();

  get length(): number {
    return this.minute.length;
  }

  add(event: ActivationEvent, place: Place, loggedAt: number | null): void {
    if (event.clientMinute === null) this.#times.set(this.length, event.clientTime);
    this.hresult.push(event.hresult);
    this.requiredClientCount.push(event.requiredClientCount);
    this.isVirtualMachine.push(event.isVirtualMachine);
    this.licenseStatus.push(event.licenseStatus);
    this.bindingExpirationMinutes.push(event.bindingExpirationMinutes);
    this.loggedAt.push(loggedAt ?? NaN);
    const [first, second, third, fourth] = guidWords(event.clientMachineId);
    this.#cmid[0].push(first);
    this.#cmid[1].push(second);
    this.#cmid[2].push(third);
    this.#cmid[3].push(fourth);
    this.#name.push(this.#names.numberOf(event.workstationName));
    this.#sku.push(this.#skus.numberOf(event.skuId));
    this.#unit.push(this.#units.numberOf(place.unit));
    this.#number.push(place.number);
    this.minute.push(event.clientMinute ?? NO_MINUTE);
  }

  workstationName(index: number): string {
    return this.#names.at(this.#name.at(index));
  }

  skuId(index: number): string {
    return this.#skus.at(this.#sku.at(index));
  }

  /** As `machineKey` of its CMID. */
  machineKey(index: number): number {
    return keyOf(this.#cmid[0].at(index), this.#cmid[1].at(index));
  }

  /** Whether its CMID is the one of these words, as `guidWords` has them. */
  isOfMachine(index: number, [first, second, third, fourth]: GuidWords): boolean {
    const [a, b, c, d] = this.#cmid;
    return a.at(index) === first && b.at(index) === second && c.at(index) === third && d.at(index) === fourth;
  }

  clientMachineId(index: number): string {
    const hex = this.#cmid.map((word) => word.at(index).toString(16).padStart(8, '0')).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  at(index: number): LoggedEvent {
    const minute = this.minute.at(index);
    const isKnown = minute !== NO_MINUTE;
    return {
      hresult: this.hresult.at(index),
      requiredClientCount: this.requiredClientCount.at(index),
      workstationName: this.workstationName(index),
      clientMachineId: this.clientMachineId(index),
      clientTime: isKnown ? formatMinute(minute) : this.#times.get(index)!,
      clientMinute: isKnown ? minute : null,
      isVirtualMachine: this.isVirtualMachine.at(index),
      licenseStatus: this.licenseStatus.at(index),
      bindingExpirationMinutes: this.bindingExpirationMinutes.at(index),
      skuId: this.skuId(index),
      where: formatPlace({ unit: this.#units.at(this.#unit.at(index)), number: this.#number.at(index) }),
    };
  }

  *[Symbol.iterator](): Generator<LoggedEvent> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

export type GuidWords = readonly [first: number, second: number, third: number, fourth: number];

/** A GUID's digits as four numbers of 32 bits. */
export const guidWords = (guid: string): GuidWords => [
  Number.parseInt(guid.slice(0, 8), 16),
  Number.parseInt(guid.slice(9, 13) + guid.slice(14, 18), 16),
  Number.parseInt(guid.slice(19, 23) + guid.slice(24, 28), 16),
  Number.parseInt(guid.slice(28), 16),
];

/** A number for a CMID, made of its first 53 bits: two machines with the same are told apart by the whole. */
export const machineKey = ([first, second]: GuidWords): number => keyOf(first, second);

const keyOf = (first: number, second: number): number => first * 0x20_0000 + (second >>> 11);
