import { isGuid } from '../../protocol';

/** One event 12290: what a Windows host logs of a request (Operations Guide). */
export interface ActivationEvent {
  readonly hresult: number;
  /** N_Policy. */
  readonly requiredClientCount: number;
  readonly workstationName: string;
  readonly clientMachineId: string;
  /** As it was logged. */
  readonly clientTime: string;
  /** The same as minutes since 1970-01-01, as if it were UTC; null where it is in no form that is known. */
  readonly clientMinute: number | null;
  readonly isVirtualMachine: number;
  readonly licenseStatus: number;
  readonly bindingExpirationMinutes: number;
  readonly skuId: string;
}

/** Where an event stood in its file, for messages. */
export interface LoggedEvent extends ActivationEvent {
  readonly where: string;
}

const FIELDS = 9;
/** A number, hexadecimal or decimal. */
const NUMBER = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i;

/**
 * Reads the comma-separated line of an event, alone or at the end of a longer message ("An activation request has been
 * processed. Info: 0x0, 25, …").
 * @returns null where the text holds no such line
 */
export function parseEventLine(text: string): ActivationEvent | null {
  for (const line of text.split(/[\r\n]+/)) {
    const start = line.search(/(?:0x[0-9a-f]{1,8}|\b\d{1,10})\s*,/i);
    if (start < 0) continue;
    const event = fromParts(
      line
        .slice(start)
        .split(',')
        .map((part) => part.trim()),
    );
    if (event !== null) return event;
  }
  return null;
}

function fromParts(parts: readonly string[]): ActivationEvent | null {
  // A name from outside may hold commas: what is too many belongs to it, the fields around it are fixed.
  if (parts.length < FIELDS) return null;
  const nameEnd = parts.length - (FIELDS - 3);
  const [hresult = '', required = ''] = parts;
  const name = parts.slice(2, nameEnd).join(',');
  const [cmid = '', time = '', virtual = '', status = '', minutes = '', sku = ''] = parts.slice(nameEnd);
  const numbers = [hresult, required, virtual, status, minutes];
  const skuId = bare(sku);
  if (!numbers.every((number) => NUMBER.test(number)) || !isGuid(bare(cmid)) || !isGuid(skuId)) return null;
  return {
    hresult: Number(hresult) >>> 0,
    requiredClientCount: Number(required),
    workstationName: name,
    clientMachineId: bare(cmid).toLowerCase(),
    clientTime: time,
    clientMinute: minuteOf(time),
    isVirtualMachine: Number(virtual),
    licenseStatus: Number(status),
    bindingExpirationMinutes: Number(minutes),
    skuId: skuId.toLowerCase(),
  };
}

/** GUIDs come with and without braces; a sentence may end behind the last one. */
const bare = (guid: string): string => guid.replace(/^\{|\}?\.?$/g, '');

/** `2006/1/14 22:36`, `2006-01-14T22:36:05Z`, `2006-01-14 22:36`; seconds are dropped. */
export function minuteOf(time: string): number | null {
  const match = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](\d{1,2}):(\d{2})(:\d{2}(\.\d+)?)?Z?$/.exec(time);
  if (match === null) return null;
  const [, year, month, day, hour, minute] = match.map(Number);
  const ms = Date.UTC(year!, month! - 1, day, hour, minute);
  return Number.isNaN(ms) ? null : ms / 60_000;
}
