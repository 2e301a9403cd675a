import { type Answer, encode, type Packet, type Question, TRUNCATED_RESPONSE } from 'dns-packet';

/** How a test server treats a name. */
export type Behaviour =
  | 'answer'
  | 'silent'
  | 'servfail'
  | 'refused'
  | 'notimp'
  | 'formerr'
  | 'notauth'
  /** It names another server for a zone above, as one without recursion does. */
  | 'referral'
  /** The records, under a name that was not asked for. */
  | 'foreign'
  /** The records, and one of another name before them. */
  | 'beside-foreign'
  /** Of a chain of aliases the first alone, so that each must be asked for. */
  | 'one-alias'
  /** No DNS message at all. */
  | 'garbage'
  /** A header that fits, and nothing that can be read behind it. */
  | 'broken'
  /** As if to another question. */
  | 'other-id'
  /** Cut over UDP, whole over TCP. */
  | 'truncate'
  /** Cut over UDP to the first record, and nothing over TCP. */
  | 'cut';

export interface TestZone {
  readonly records: readonly Answer[];
  /** Names that exist without records. */
  readonly empty?: readonly string[];
  readonly behaviour?: (name: string, type: string) => Behaviour;
}

const RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
  refused: 5,
  notAuth: 9,
};
const AUTHORITATIVE = 1 << 10;

/** A packet, bytes that are none, nothing, or an end of the connection. */
export type TestReply = Packet | Buffer | null | 'close';

export function answerTo(query: Packet, zone: TestZone, asked: string[], way: 'udp' | 'tcp'): TestReply {
  const [question] = query.questions ?? [];
  if (question === undefined) return null;
  const { name, type } = question;
  asked.push(`${way} ${type} ${name}`);
  const header = { id: query.id ?? 0, type: 'response' as const, questions: [question] };
  const error = (flags: number): Packet => ({ ...header, flags });
  const full = answerOf(header, question, zone);
  switch (zone.behaviour?.(name, type) ?? 'answer') {
    case 'answer':
      return full;
    case 'silent':
      return null;
    case 'servfail':
      return error(RCODE.serverFailure);
    case 'refused':
      return error(RCODE.refused);
    case 'notimp':
      return error(RCODE.notImplemented);
    case 'formerr':
      return error(RCODE.formatError);
    case 'notauth':
      return error(RCODE.notAuth);
    case 'referral':
      return {
        ...error(RCODE.noError),
        authorities: [{ type: 'NS', name: 'example', ttl: 60, data: 'ns.example' }],
      };
    case 'foreign':
      return { ...full, answers: renamed(full.answers ?? []) };
    case 'beside-foreign':
      return { ...full, answers: [...renamed(full.answers ?? []), ...(full.answers ?? [])] };
    case 'one-alias':
      return { ...full, answers: (full.answers ?? []).slice(0, 1) };
    case 'garbage':
      return Buffer.from('no DNS');
    case 'broken':
      return Buffer.concat([encode(full).subarray(0, 12), Buffer.alloc(3, 0xff)]);
    case 'other-id':
      return { ...full, id: (header.id + 1) & 0xffff };
    case 'truncate':
      return way === 'udp' ? error(TRUNCATED_RESPONSE) : full;
    case 'cut':
      return way === 'udp'
        ? { ...error(TRUNCATED_RESPONSE), answers: (full.answers ?? []).slice(0, 1) }
        : 'close';
  }
}

/** What an authoritative server answers. */
function answerOf(header: Packet, { name, type }: Question, { records, empty = [] }: TestZone): Packet {
  const answers = chase(name, type, records);
  const exists =
    answers.length > 0 ||
    [...empty, ...records.map((record) => record.name)].some((known) => same(known, name));
  return { ...header, flags: AUTHORITATIVE | (exists ? RCODE.noError : RCODE.noSuchName), answers };
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const renamed = (answers: readonly Answer[]): Answer[] =>
  answers.map((answer) => ({ ...answer, name: `other.${answer.name}` }));

const LONGEST = 12;

/** Records of that name and type, through aliases; a circle of them goes round a few times. */
function chase(name: string, type: string, records: readonly Answer[], depth = 0): Answer[] {
  const direct = records.filter((record) => same(record.name, name) && record.type === type);
  if (direct.length > 0 || depth > LONGEST) return direct;
  const alias = records.find((record) => same(record.name, name) && record.type === 'CNAME');
  if (alias?.type === 'CNAME') return [alias, ...chase(alias.data, type, records, depth + 1)];
  const above = records.find(
    (record) => record.type === 'DNAME' && name.toLowerCase().endsWith(`.${record.name}`),
  );
  if (above?.type !== 'DNAME') return [];
  const target = `${name.slice(0, -above.name.length)}${above.data}`;
  return [above, cname(name, target), ...chase(target, type, records, depth + 1)];
}

/** An SRV record of the test zone. */
export function srv(domain: string, target: string, port: number, priority = 0, weight = 0): Answer {
  return { type: 'SRV', name: `_vlmcs._tcp.${domain}`, ttl: 60, data: { target, port, priority, weight } };
}

export const a = (name: string, address: string): Answer => ({ type: 'A', name, ttl: 60, data: address });
export const aaaa = (name: string, address: string): Answer => ({
  type: 'AAAA',
  name,
  ttl: 60,
  data: address,
});
export const cname = (name: string, target: string): Answer => ({
  type: 'CNAME',
  name,
  ttl: 60,
  data: target,
});
export const dname = (name: string, target: string): Answer => ({
  type: 'DNAME',
  name,
  ttl: 60,
  data: target,
});
