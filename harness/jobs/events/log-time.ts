/** A client's time as it stands in a line: minutes since 1970-01-01 as if it were UTC, or null where the form is not known. */
export interface ClientTime {
  readonly minute: number | null;
  /** `3/4/2026` may be in March or in April: this is the reading with the day first, where both are possible. */
  readonly dayFirstMinute: number | null;
  /** True where the day can only stand first, false where only the month can, null where either may. */
  readonly dayFirst: boolean | null;
}

const UNKNOWN: ClientTime = { minute: null, dayFirstMinute: null, dayFirst: null };

const CLOCK = String.raw`(\D{0,6}?)\s?(\d{1,2})[:.時时](\d{2})(?:[:.分](\d{2})(?:[.,]\d{1,9})?)?[分秒]?\s?(\D{0,6})`;
const YEAR_FIRST = new RegExp(
  String.raw`^(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})[日.]?[T,]?\s{0,2}${CLOCK}$`,
  'i',
);
const YEAR_LAST = new RegExp(
  String.raw`^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?(\d{4})[.,]?\s{0,2}${CLOCK}$`,
  'i',
);
/** Times of languages with two halves of a day. */
const MORNING = /^(a\.? ?m\.?|上午|午前|오전|πμ|ص)$/i;
const AFTERNOON = /^(p\.? ?m\.?|下午|午後|오후|μμ|م)$/i;
/** Years of the Buddhist calendar are 543 ahead. */
const BUDDHIST = 543;

/**
 * Reads a client's time in the forms that Windows and exports write it: `2006/1/14 22:36`, `2006-01-14T22:36:05Z`, `14.01.2006 22:36`,
 * `1/14/2006 10:36 PM`, `2006年1月14日 22:36`. Seconds are dropped.
 */
export function readClientTime(text: string): ClientTime {
  // Logs are in the order of time: the minute is mostly that of the line before.
  if (text !== lastText) [lastText, lastTime] = [text, clientTimeOf(text)];
  return lastTime;
}

let lastText = '';
let lastTime = UNKNOWN;

/** Arabic, Persian, Devanagari, Thai and full-width digits: each ten stand in a row. */
const OTHER_DIGIT = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0e50-\u0e59\uff10-\uff19]/g;
const FIRST_OF_TEN = [0x0660, 0x06f0, 0x0966, 0x0e50, 0xff10];

function asciiDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  return String(code - FIRST_OF_TEN.findLast((zero) => zero <= code)!);
}

function clientTimeOf(text: string): ClientTime {
  // Exports put marks of direction and hard spaces into dates.
  const plain = text
    .replace(/[\u200e\u200f\u061c]/g, '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .replace(OTHER_DIGIT, asciiDigit)
    .trim();
  const iso = YEAR_FIRST.exec(plain);
  if (iso !== null) {
    const [, year = '', month = '', day = '', ...clock] = iso;
    return { ...UNKNOWN, minute: minuteOf(year, month, day, clock) };
  }
  const last = YEAR_LAST.exec(plain);
  if (last === null) return UNKNOWN;
  const [, first = '', separator, second = '', year = '', ...clock] = last;
  const monthFirst = minuteOf(year, first, second, clock);
  const dayFirst = minuteOf(year, second, first, clock);
  if (monthFirst === null || dayFirst === null) {
    return {
      minute: monthFirst ?? dayFirst,
      dayFirstMinute: null,
      dayFirst: monthFirst === null ? true : false,
    };
  }
  // Dots and dashes are of languages that have the day first.
  if (separator !== '/') return { ...UNKNOWN, minute: dayFirst };
  return { minute: monthFirst, dayFirstMinute: dayFirst, dayFirst: null };
}

/** @param clock what stands before the hour, hour, minute, second, what stands behind */
function minuteOf(
  year: string,
  month: string,
  day: string,
  clock: readonly (string | undefined)[],
): number | null {
  const [before = '', hourText = '', minute = '', , after = ''] = clock;
  const half = halfOfDay(before.trim(), after.trim());
  let hour = Number(hourText);
  if (half === null || hour > 23 || Number(minute) > 59 || (half !== 'none' && (hour < 1 || hour > 12)))
    return null;
  if (half === 'morning' && hour === 12) hour = 0;
  if (half === 'afternoon' && hour < 12) hour += 12;
  const fullYear = Number(year) > 2400 ? Number(year) - BUDDHIST : Number(year);
  const ms = Date.UTC(fullYear, Number(month) - 1, Number(day), hour, Number(minute));
  const date = new Date(ms);
  // The 31st of a month that has 30 days is no date.
  const isDate = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isDate ? ms / 60_000 : null;
}

function halfOfDay(before: string, after: string): 'morning' | 'afternoon' | 'none' | null {
  const text = before || after;
  if (text === '' || text === 'Z') return 'none';
  if (MORNING.test(text)) return 'morning';
  return AFTERNOON.test(text) ? 'afternoon' : null;
}

const ISO_WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;
/** As ConvertTo-Json of Windows PowerShell writes times. */
const JSON_DATE = /^\\?\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\\?\/$/;

/**
 * When an event was logged, in ms since 1970-01-01 UTC; null where the text does not say its zone: the local time of who knows which machine
 * tells nothing.
 */
export function readLoggedAt(text: string): number | null {
  if (text !== lastLogged) [lastLogged, lastLoggedAt] = [text, loggedAtOf(text)];
  return lastLoggedAt;
}

let lastLogged = '';
let lastLoggedAt: number | null = null;

function loggedAtOf(text: string): number | null {
  const json = JSON_DATE.exec(text);
  if (json !== null) return Number(json[1]);
  const match = ISO_WITH_ZONE.exec(text);
  if (match === null) return null;
  // Windows writes up to nine digits of a second: Date takes three for sure.
  const ms = Date.parse(text.replace(/(\.\d{3})\d+/, '$1').replace(' ', 'T'));
  return Number.isNaN(ms) ? null : ms;
}

/** `2026/11/21 7:16`, as hosts write it. */
export function formatMinute(minute: number): string {
  const at = new Date(minute * 60_000);
  const minutes = String(at.getUTCMinutes()).padStart(2, '0');
  return `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()} ${at.getUTCHours()}:${minutes}`;
}
