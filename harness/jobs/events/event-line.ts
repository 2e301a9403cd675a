import { type ClientTime, readClientTime } from './log-time';

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

/** A line as it stands, before it is known whose it is: hosts (12290) and clients (12288) write nearly the same. */
export interface FoundLine extends Omit<ActivationEvent, 'clientMinute'> {
  readonly time: ClientTime;
  /** Clients end with N_Policy, and have the host's `name:port` where hosts have the machine's name. */
  readonly isClients: boolean;
  /** The number behind the last id, or null. */
  readonly trailing: number | null;
}

export const NUMBER = String.raw`-?(?:0x[0-9a-f]{1,8}|\d{1,10})`;
const HEX_GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
export const GUID = String.raw`\{?${HEX_GUID}\}?`;
/** Between two fields: a comma as Windows writes it, or what an export made of it, quotes and elements included. Bounded, and with one
 * way only to read a run of tabs, so that no text is slow. */
const BETWEEN = String.raw`(?:[^\S\t]{0,40}\\?["']?[^\S\t]{0,4}[,;|\t][^\S\t]{0,40}\\?["']?|\s{0,4}<\/\w{1,20}>\s{0,40}(?:<\/?\w[^<>]{0,60}>\s{0,40}){1,8})`;
const FROM_CMID = new RegExp(
  `(${GUID})${BETWEEN}([^\\s,;|][^\\r\\n]{3,47}?)${BETWEEN}(${NUMBER})${BETWEEN}(${NUMBER})${BETWEEN}(${NUMBER})${BETWEEN}(${GUID})(?:(?=${BETWEEN}(${NUMBER})(?![\\w-]))|)`,
  'gi',
);
const BEFORE_NAME = new RegExp(`(?<![\\w.\\-])(?=((${NUMBER})${BETWEEN}(${NUMBER})${BETWEEN}))`, 'gi');
const BEFORE_CMID = new RegExp(`${BETWEEN}$`, 'i');
/** Two numbers and a name of 64 characters, each escaped at its worst. */
const LONGEST_HEAD = 700;
const LONGEST_BETWEEN = 150;
const LONGEST_WHOLE_LINE = 40_000;
/** Two ids, numbers and times, twice. */
const SHORTEST_OF_TWO = 200;

/**
 * Reads the comma-separated line of an event, alone or within a longer text ("An activation request has been processed.
 * Info: 0x0, 25, …"), whatever an export put around its fields.
 * @returns null where the text holds no such line
 */
export function parseEventLine(text: string): ActivationEvent | null {
  const line = findEventLine(text);
  return line === null || line.isClients ? null : activationEvent(line);
}

export function activationEvent(line: FoundLine): ActivationEvent {
  // Field by field: a million of them by a spread take seconds.
  return {
    hresult: line.hresult,
    requiredClientCount: line.requiredClientCount,
    workstationName: line.workstationName,
    clientMachineId: line.clientMachineId,
    clientTime: line.clientTime,
    clientMinute: line.time.minute,
    isVirtualMachine: line.isVirtualMachine,
    licenseStatus: line.licenseStatus,
    bindingExpirationMinutes: line.bindingExpirationMinutes,
    skuId: line.skuId,
  };
}

/** Line ends as they stand within a text of one line: in JSON and CLIXML, in what syslog daemons pass on, in markup. */
const ESCAPED_LINE_END =
  /\\{1,4}(?:[rn]|01[25]|x0[adAD]|u000[adAD])|_x000[AD]_|#01[25]|&#(?:1[03]|x[adAD]);|<br ?\/?>/;
const ESCAPED_LINE_ENDS = new RegExp(ESCAPED_LINE_END, 'g');

/** The first line of a request in a text, told by its two ids and the five numbers in their places. */
export function findEventLine(text: string): FoundLine | null {
  // Two ids of 36 characters have to fit: most cells of a log are shorter.
  if (text.length < 90) return null;
  return lineAsWindowsWrites(text) ?? plainLines(text).next().value ?? null;
}

/** The line at the end of a text just as Windows writes it: nine of ten are, and this takes a tenth of the time. */
const AS_WINDOWS_WRITES = new RegExp(
  String.raw`(0x[0-9a-f]{1,8}), ?(\d{1,10}), ?([^,;|<>"'\\\s]{1,64}), ?(${HEX_GUID}), ?(\d{4}\/\d{1,2}\/\d{1,2} \d{1,2}:\d\d), ?(\d{1,10}), ?(\d{1,10}), ?(\d{1,10}), ?(${HEX_GUID})$`,
  'iy',
);

function lineAsWindowsWrites(text: string): FoundLine | null {
  // Texts are long at most where they are no lines: those are looked through once, below.
  AS_WINDOWS_WRITES.lastIndex = text.length > LONGEST_WHOLE_LINE ? 0 : text.lastIndexOf('\n') + 1;
  const match = AS_WINDOWS_WRITES.exec(text);
  if (match === null) return null;
  const [, hresult = '', required = '', name = '', ...rest] = match;
  return lineOf({ hresult, required, name }, rest);
}

/** All lines of requests in a text that may hold several. */
export function findEventLines(text: string): FoundLine[] {
  const first = findEventLine(text);
  if (first === null || text.length < SHORTEST_OF_TWO) return first === null ? [] : [first];
  const all = [...plainLines(text)];
  return all.length > 1 ? all : [first];
}

/** A name may hold what looks like an escaped line end: then the text as it stands has the line. */
function* plainLines(text: string): Generator<FoundLine, undefined> {
  let isFound = false;
  if (ESCAPED_LINE_END.test(text)) {
    for (const line of linesIn(text.replace(ESCAPED_LINE_ENDS, '\n'))) {
      isFound = true;
      yield line;
    }
  }
  if (!isFound) yield* linesIn(text);
}

function* linesIn(text: string): Generator<FoundLine, undefined> {
  let from = 0;
  let floor = 0;
  while (true) {
    FROM_CMID.lastIndex = from;
    const match = FROM_CMID.exec(text);
    if (match === null) return;
    const head = headBefore(text, match.index, floor);
    const line = head === null ? null : lineOf(head, match.slice(1));
    // The second id may be the first of another line.
    from = match.index + (line === null ? 36 : match[0].length);
    if (line === null) continue;
    floor = from;
    yield line;
  }
}

/** What stands before the CMID. */
export interface Head {
  readonly hresult: string;
  readonly required: string;
  readonly name: string;
}

/** The HRESULT, N_Policy and name before a CMID. A name from outside may hold whatever it likes: the numbers stand left of it all. @param floor where the line before ends */
function headBefore(text: string, end: number, floor: number): Head | null {
  const window = text.slice(Math.max(floor, end - LONGEST_HEAD), end);
  const newline = Math.max(window.lastIndexOf('\n'), window.lastIndexOf('\r'));
  // Elements may stand a line each: then the fields before are on other lines.
  const line = newline >= 0 && window.slice(newline).trim() !== '' ? window.slice(newline + 1) : window;
  return headIn(line) ?? (/<\w/.test(line) ? headIn(window) : null);
}

function headIn(line: string): Head | null {
  const tail = BEFORE_CMID.exec(line.slice(-LONGEST_BETWEEN));
  if (tail === null) return null;
  const nameEnd = line.length - tail[0].length;
  let best: Head | null = null;
  for (const { index, 1: whole = '', 2: hresult = '', 3: required = '' } of line.matchAll(BEFORE_NAME)) {
    const nameStart = index + whole.length;
    if (!isHresult(hresult)) continue;
    const found = { hresult, required, name: line.slice(nameStart, Math.max(nameStart, nameEnd)).trim() };
    // Windows writes HRESULTs in hexadecimal: another number may stand left of one that is not.
    if (/x/i.test(hresult)) return found;
    best ??= found;
  }
  return best;
}

/** Zero, or a failure: decimal numbers in between are record numbers and the like. */
const isHresult = (text: string): boolean =>
  /x/i.test(text) || text.startsWith('-') || Number(text) === 0 || Number(text) >= 0x8000_0000;

/** @param fields from the CMID on */
export function lineOf(head: Head, fields: readonly (string | undefined)[]): FoundLine | null {
  const [cmid = '', time = '', virtual = '', status = '', minutes = '', sku = '', last] = fields;
  const hresult = readNumber(head.hresult);
  const requiredClientCount = readNumber(head.required);
  const isVirtualMachine = readNumber(virtual);
  const licenseStatus = readNumber(status);
  const bindingExpirationMinutes = readNumber(minutes);
  if (hresult === null || requiredClientCount === null || isVirtualMachine === null) return null;
  if (licenseStatus === null || bindingExpirationMinutes === null) return null;
  const clientTime = time.trim();
  const trailing = last === undefined ? null : readNumber(last);
  return {
    hresult,
    requiredClientCount,
    workstationName: head.name,
    clientMachineId: bare(cmid),
    clientTime,
    time: readClientTime(clientTime),
    isVirtualMachine,
    licenseStatus,
    bindingExpirationMinutes,
    skuId: bare(sku),
    trailing,
    isClients: trailing !== null && /:\d{1,5}$/.test(head.name),
  };
}

/** A 32-bit number in hexadecimal or decimal, its sign bit as a minus too; null beyond 32 bits. */
export function readNumber(text: string): number | null {
  const value = text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  return Number.isInteger(value) && value >= -0x8000_0000 && value <= 0xffff_ffff ? value >>> 0 : null;
}

/** GUIDs come with and without braces. */
const bare = (guid: string): string =>
  (guid.length === 36 ? guid : guid.replace(/^\{|\}$/g, '')).toLowerCase();
