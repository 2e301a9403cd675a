import { findEventLine, type FoundLine, readNumber } from './event-line';
import { formatPlace, type LogRecord } from './log-record';

/** What the events of KMS are (Operations Guide, appendix 1). */
export const EVENT_ID = {
  /** A client sent a request, or failed to. */
  requestSent: 12288,
  /** A client processed an answer. */
  answerProcessed: 12289,
  /** A host processed a request. */
  request: 12290,
  /** A host could not publish itself in DNS. */
  publishingFailed: 12293,
  /** A host published itself in DNS. */
  published: 12294,
} as const;

/** Event 12288: what a client asked, and of whom. */
export interface ClientRequest
  extends Omit<FoundLine, 'workstationName' | 'requiredClientCount' | 'trailing' | 'isClients' | 'time'> {
  readonly where: string;
  /** `name:port` of the host. */
  readonly host: string;
  readonly flags: number;
  readonly clientMinute: number | null;
  readonly requiredClientCount: number | null;
}

/** Event 12289: what a client made of the answer. */
export interface ClientAnswer {
  readonly where: string;
  readonly hresult: number;
  readonly flags: number;
  readonly activated: boolean;
  readonly currentClientCount: number;
  readonly activationIntervalMinutes: number;
  readonly renewalIntervalMinutes: number;
}

/** Events 12293 and 12294: whether the host could publish itself in a domain's DNS. */
export interface LoggedPublication {
  readonly where: string;
  readonly domain: string;
  /** Null where it succeeded. */
  readonly hresult: number | null;
  /** The host that logged it; empty where the log does not say. */
  readonly computer: string;
  readonly loggedAt: number | null;
}

export function clientRequestOf({ place, texts, data }: LogRecord): ClientRequest | null {
  const line = [...texts, data.join(', ')].map(findEventLine).find((found) => found !== null);
  if (line === undefined) return null;
  const { workstationName, requiredClientCount, trailing, isClients: _, time, ...fields } = line;
  return {
    ...fields,
    where: formatPlace(place),
    host: workstationName,
    flags: requiredClientCount,
    clientMinute: time.minute,
    requiredClientCount: trailing,
  };
}

const NUMBER = String.raw`(0x[0-9a-f]{1,8}|-?\d{1,10})`;
const ANSWER = new RegExp(
  `(?<![\\w.-])${Array.from({ length: 7 }, () => NUMBER).join(String.raw`\s{0,4},\s{0,4}`)}(?![\\w.])`,
  'i',
);

export function clientAnswerOf({ place, texts, data }: LogRecord): ClientAnswer | null {
  const match = [...texts, data.join(', ')].map((text) => ANSWER.exec(text)).find((found) => found !== null);
  const numbers = (match ?? []).slice(1).map(readNumber);
  if (numbers.length === 0 || numbers.includes(null)) return null;
  const [hresult = 0, flags = 0, bound = 0, , count = 0, activation = 0, renewal = 0] = numbers as number[];
  return {
    where: formatPlace(place),
    hresult,
    flags,
    activated: bound !== 0,
    currentClientCount: count,
    activationIntervalMinutes: activation,
    renewalIntervalMinutes: renewal,
  };
}

/** A name of DNS in quotes of any language, as the message has it. */
const QUOTED_DOMAIN =
  /["'‘’‚“”„«»‹›「『]\s{0,2}([\p{L}\p{N}_-][\p{L}\p{N}_.-]{0,252})\s{0,2}["'‘’“”»«›‹」』]/u;
const BARE_DOMAIN = /^[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*\.?$/u;
const RETURN_CODE = /(?<![\w.-])(0x[0-9a-f]{1,8}|-\d{9,10}|\d{9,10})(?![\w.-])/i;

/** The domain stands in the event's own fields, or quoted in its message. */
export function publicationOf(
  { place, texts, data, computer, loggedAt }: LogRecord,
  failed: boolean,
): LoggedPublication | null {
  const values = data.map((value) => value.trim());
  const isCode = (value: string): boolean => RETURN_CODE.test(value) || readNumber(value || 'x') !== null;
  const domain =
    values.find((value) => BARE_DOMAIN.test(value) && !isCode(value)) ??
    texts.map((text) => QUOTED_DOMAIN.exec(text)?.[1]).find((found) => found !== undefined);
  if (domain === undefined) return null;
  const code = [...values, ...texts]
    .map((text) => RETURN_CODE.exec(text)?.[1])
    .find((found) => found !== undefined);
  const hresult = failed ? readNumber(code ?? '0x80004005') : null;
  return { where: formatPlace(place), domain: domain.replace(/\.$/, ''), hresult, computer, loggedAt };
}
