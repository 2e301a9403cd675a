import { type FoundLine, GUID, lineOf, NUMBER } from './event-line';

/** Of the nine fields: two numbers and a name, the CMID, a time, three numbers, the product's id. */
const FIELDS = 9;
const CMID = 3;

const only = (pattern: string): RegExp => new RegExp(`^${pattern}$`, 'i');
const IS_GUID = only(GUID);
const IS_NUMBER = only(NUMBER);
const IS_TIME = /^\S.{3,47}$/;
/** What lists put around their items: dashes, quotes, commas. */
const AROUND_ITEM = /^[-*>]?\s{0,9}["']?|["']?,?$/g;

/** A line of a list, or of plain text, as the value that stands in it. */
export const listedValue = (line: string): string => line.trim().replace(AROUND_ITEM, '').trim();

/**
 * The request of nine values one behind the other, as the Event Viewer lists them where it has no message for an event.
 * @param values the last nine that were seen
 */
export function lineOfValues(values: readonly string[]): FoundLine | null {
  if (values.length !== FIELDS || !IS_GUID.test(values[CMID]!) || !IS_GUID.test(values[FIELDS - 1]!))
    return null;
  if (![0, 1, 5, 6, 7].every((i) => IS_NUMBER.test(values[i]!)) || !IS_TIME.test(values[4]!)) return null;
  const [hresult = '', required = '', name = '', ...rest] = values;
  return lineOf({ hresult, required, name }, rest);
}

/** PowerShell joins the items of an array by spaces where it makes a text of them. */
const FROM_CMID = new RegExp(
  String.raw`(?<![\w-])(${GUID}) {1,4}(\d\S{5,19} \d\S{2,11}(?: [ap]m)?) {1,4}(${NUMBER}) {1,4}(${NUMBER}) {1,4}(${NUMBER}) {1,4}(${GUID})(?![\w-])`,
  'i',
);
const BEFORE_CMID = new RegExp(
  String.raw`(?<![\w.-])(${NUMBER}) {1,4}(${NUMBER}) {1,4}(\S{0,64}) {1,4}$`,
  'i',
);
const LONGEST_HEAD = 150;
const ANY_GUID = new RegExp(GUID, 'i');
/** Nine values do not fit into less. */
const SHORTEST = 90;
const LONGEST = 64 * 1024;

/** The request in a text that has its nine fields a line each, or between spaces; for where no line of a request is. */
export function findSpreadLine(text: string): FoundLine | null {
  if (text.length < SHORTEST || text.length > LONGEST || !ANY_GUID.test(text)) return null;
  return (/[\r\n]/.test(text) ? inLines(text) : null) ?? betweenSpaces(text);
}

function inLines(text: string): FoundLine | null {
  const lines = text.split(/[\r\n]+/).map(listedValue);
  const values = lines.filter((line) => line !== '');
  for (let i = FIELDS; i <= values.length; i++) {
    const found = lineOfValues(values.slice(i - FIELDS, i));
    if (found !== null) return found;
  }
  return null;
}

function betweenSpaces(text: string): FoundLine | null {
  const match = FROM_CMID.exec(text);
  if (match === null) return null;
  const head = BEFORE_CMID.exec(text.slice(Math.max(0, match.index - LONGEST_HEAD), match.index));
  if (head === null) return null;
  const [, hresult = '', required = '', name = ''] = head;
  return lineOf({ hresult, required, name }, match.slice(1));
}
