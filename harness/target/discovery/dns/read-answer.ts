import type { Answer, Packet } from 'dns-packet';
import { isIPv4, isIPv6 } from 'node:net';
import type { LookupFailureKind, LookupType, None } from './outcome';

/** What one message says to one question. */
export type Reading =
  | {
      readonly kind: 'records';
      readonly records: readonly Answer[];
      readonly aliases: readonly string[];
      readonly foreign: number;
    }
  /** The name is an alias, and the message does not say what stands behind it. */
  | { readonly kind: 'alias'; readonly to: string; readonly aliases: readonly string[] }
  | { readonly kind: 'none'; readonly why: None['why']; readonly aliases: readonly string[] }
  | { readonly kind: 'failed'; readonly how: LookupFailureKind; readonly problem: string };

/** Response codes (RFC 1035 4.1.1, RFC 2136 2.2) that are no answer. */
const RCODES: Readonly<Record<number, readonly [LookupFailureKind, string]>> = {
  1: ['format-error', 'the server does not understand the question (FORMERR)'],
  2: ['server-failure', 'the server failed (SERVFAIL)'],
  4: ['not-implemented', 'the server does not do that (NOTIMP)'],
  5: ['refused', 'the server refuses to answer (REFUSED)'],
  9: ['not-authoritative', 'the server is not authoritative for the zone (NOTAUTH)'],
  10: ['not-authoritative', 'the name is not in the zone of the server (NOTZONE)'],
};
const NO_SUCH_NAME = 3;

/** Domain names compare without case (RFC 1035 2.3.3), and with or without the dot at their end. */
export const sameName = (a: string, b: string): boolean => canonical(a) === canonical(b);
export const canonical = (name: string): string => withoutDot(name).toLowerCase();
export const withoutDot = (name: string): string => name.replace(/\.$/, '');

/**
 * Reads a response: records that belong to the name, or to what the aliases in the same message make of it. Records of other owners are
 * not taken, whoever sent them.
 */
export function readAnswer(packet: Packet, name: string, type: LookupType): Reading {
  const code = (packet.flags ?? 0) & 0xf;
  if (code !== 0 && code !== NO_SUCH_NAME) {
    const [how, problem] = RCODES[code] ?? [
      'server-failure',
      `the server answers with response code ${code}`,
    ];
    return { kind: 'failed', how, problem };
  }
  const answers = (packet.answers ?? []).filter(isInternet);
  const aliases: string[] = [];
  for (let owner = name; ; owner = aliases.at(-1)!) {
    const records = answers.filter((record) => record.type === type && sameName(record.name, owner));
    if (records.length > 0) {
      const problem = whyUnusable(records, code);
      if (problem !== null) return { kind: 'failed', how: 'bad-answer', problem };
      return { kind: 'records', records, aliases, foreign: foreign(answers, owner, type) };
    }
    const next = aliasOf(answers, owner);
    if (next === undefined) return unanswered(packet, answers, type, aliases, code);
    if ([name, ...aliases].some((before) => sameName(before, next))) {
      return { kind: 'failed', how: 'alias-loop', problem: `its aliases lead in a circle, back to ${next}` };
    }
    aliases.push(next);
  }
}

/** What is wrong with records that are there; null where nothing is. */
function whyUnusable(records: readonly Answer[], code: number): string | null {
  if (code === NO_SUCH_NAME) return 'it says that there is no such name (NXDOMAIN), beside records of it';
  const broken = records.some(
    (record) =>
      (record.type === 'A' && !isIPv4(record.data)) || (record.type === 'AAAA' && !isIPv6(record.data)),
  );
  return broken ? 'it answers with an address that is not as long as one' : null;
}

const isInternet = (record: Answer): boolean =>
  record.type === 'OPT' || !('class' in record) || record.class === undefined || record.class === 'IN';

const foreign = (answers: readonly Answer[], owner: string, type: LookupType): number =>
  answers.filter((record) => record.type === type && !sameName(record.name, owner)).length;

/** Where a CNAME of the name leads, or a DNAME above it (RFC 6672 2.2). */
function aliasOf(answers: readonly Answer[], owner: string): string | undefined {
  const cname = answers.find((record) => record.type === 'CNAME' && sameName(record.name, owner));
  if (cname?.type === 'CNAME') return withoutDot(cname.data);
  for (const record of answers) {
    if (record.type !== 'DNAME') continue;
    const suffix = `.${canonical(record.name)}`;
    if (canonical(owner).endsWith(suffix)) {
      return `${withoutDot(owner).slice(0, -suffix.length)}.${withoutDot(record.data)}`;
    }
  }
  return undefined;
}

function unanswered(
  packet: Packet,
  answers: readonly Answer[],
  type: LookupType,
  aliases: readonly string[],
  code: number,
): Reading {
  if (code === NO_SUCH_NAME) return { kind: 'none', why: 'no-such-name', aliases };
  const authorities = packet.authorities ?? [];
  const denies = authorities.some((record) => record.type === 'SOA');
  const last = aliases.at(-1);
  if (last !== undefined && !denies) return { kind: 'alias', to: last, aliases };
  const others = answers.filter((record) => record.type === type).map((record) => record.name);
  if (others.length > 0) {
    const problem = `it answers with records of ${[...new Set(others)].join(', ')}, which was not asked for`;
    return { kind: 'failed', how: 'bad-answer', problem };
  }
  const referred = authorities.find((record) => record.type === 'NS');
  if (referred?.type === 'NS' && !denies && !isAuthoritative(packet)) {
    const zone = referred.name === '.' ? 'the root' : withoutDot(referred.name);
    const problem = `the server holds no such zone, and refers to ${withoutDot(referred.data)} for ${zone}`;
    return { kind: 'failed', how: 'referral', problem };
  }
  if (isEmptyHanded(packet) && !denies) {
    const problem = 'the server does not hold the zone, nor does it ask others (neither AA nor RA is set)';
    return { kind: 'failed', how: 'not-authoritative', problem };
  }
  return { kind: 'none', why: 'no-records', aliases };
}

const AUTHORITATIVE = 1 << 10;
const RECURSION_AVAILABLE = 1 << 7;
const isAuthoritative = (packet: Packet): boolean => ((packet.flags ?? 0) & AUTHORITATIVE) !== 0;

/** A lame server: it says nothing, and neither holds the zone nor has asked one that does (RFC 1912 2.8). */
const isEmptyHanded = ({ flags = 0, answers = [] }: Packet): boolean =>
  (flags & (AUTHORITATIVE | RECURSION_AVAILABLE)) === 0 && answers.length === 0;
