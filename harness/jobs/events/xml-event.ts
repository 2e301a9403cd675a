import type { LogRecord, Place } from './log-record';
import { RecordBuilder } from './record-builder';

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const ATTRIBUTE = /([^\s=/<>"']{1,200})\s{0,20}=\s{0,20}(?:"([^"<]*)"|'([^'<]*)')/g;
const MARKUP: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<?', '?>'],
];
const DEEPEST = 64;

/**
 * Reads one `<Event>` element. Hosts log a million events in a gigabyte: this takes the elements, attributes and texts that events have,
 * a tenth of the time of a parser of all XML.
 * @returns null where it is not well-formed
 */
export function xmlRecord(text: string, place: Place): LogRecord | null {
  const builder = new RecordBuilder();
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    const tag = text.indexOf('<', at);
    const content = decode(text.slice(at, tag < 0 ? text.length : tag));
    if (content === null) return null;
    builder.text(content);
    if (tag < 0) break;
    const next = markupEnd(text, tag, builder) ?? tagEnd(text, tag, builder, open);
    if (next === null) return null;
    at = next;
  }
  return open.length === 0 && at > 0 ? builder.record(place) : null;
}

/** The end of CDATA, a comment or an instruction; null where it is none of these. */
function markupEnd(text: string, tag: number, builder: RecordBuilder): number | null {
  if (text.startsWith('<![CDATA[', tag)) {
    const end = text.indexOf(']]>', tag);
    if (end < 0) return null;
    builder.text(text.slice(tag + 9, end));
    return end + 3;
  }
  const kind = MARKUP.find(([start]) => text.startsWith(start, tag));
  if (kind === undefined) return null;
  const end = text.indexOf(kind[1], tag + kind[0].length);
  return end < 0 ? null : end + kind[1].length;
}

function tagEnd(text: string, tag: number, builder: RecordBuilder, open: string[]): number | null {
  const end = endOfTag(text, tag);
  if (end < 0) return null;
  if (text[tag + 1] === '/') {
    if (open.pop() !== text.slice(tag + 2, end).trim()) return null;
    builder.close();
    return end + 1;
  }
  const nameEnd = endOfName(text, tag + 1, end);
  const name = text.slice(tag + 1, nameEnd);
  if (!/^[\p{L}_]/u.test(name) || open.length >= DEEPEST) return null;
  const local = localName(name);
  builder.open(local);
  if (WITH_ATTRIBUTES.has(local) && !attributes(text.slice(nameEnd, end), builder)) return null;
  if (text[end - 1] === '/') builder.close();
  else open.push(name);
  return end + 1;
}

/** The `>` of a tag: one within quotes is none. Each character is looked at once, however many quotes there are. */
function endOfTag(text: string, tag: number): number {
  for (let i = tag; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === CLOSES_TAG) return i;
    if (code !== QUOTE && code !== APOSTROPHE) continue;
    const close = text.indexOf(text[i]!, i + 1);
    if (close < 0) return -1;
    i = close;
  }
  return -1;
}

const [QUOTE, APOSTROPHE, CLOSES_TAG] = [0x22, 0x27, 0x3e];

/** Names end at a space or the slash of an empty element. */
function endOfName(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || code === 0x2f) return i;
  }
  return end;
}

/** Elements whose attributes are asked for. */
const WITH_ATTRIBUTES = new Set(['Provider', 'TimeCreated']);

function attributes(text: string, builder: RecordBuilder): boolean {
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    const value = decode(double ?? single ?? '');
    if (value === null) return false;
    builder.attribute(localName(name), value);
  }
  return true;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Text without its entities; null where one is none of XML's own. Windows writes control characters as numbers that XML 1.0 forbids. */
function decode(text: string): string | null {
  if (!text.includes('&')) return text;
  let bad = false;
  const plain = text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,10}));|&/gi,
    (_, decimal?: string, hex?: string, name?: string) => {
      const code =
        decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : null;
      const value =
        code === null ? ENTITIES[name ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
      bad ||= value === undefined;
      return value ?? '';
    },
  );
  return bad ? null : plain;
}
