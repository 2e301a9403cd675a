import {
  type Answer,
  decode,
  encode,
  type Packet,
  streamDecode,
  streamEncode,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** How a test server treats a name. */
export type Behaviour = 'answer' | 'silent' | 'servfail' | 'refused' | 'garbage' | 'truncate';

export interface TestDnsServer {
  /** `127.0.0.1:PORT`, as for `--dns`. */
  readonly address: string;
  readonly port: number;
  /** Names asked for, with the type and the way they came by. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface TestDnsOptions {
  readonly records: readonly Answer[];
  /** Names that exist without records. */
  readonly empty?: readonly string[];
  readonly behaviour?: (name: string, type: string) => Behaviour;
}

const RCODE = { noError: 0, serverFailure: 2, noSuchName: 3, refused: 5 } as const;

/** A DNS server on loopback, UDP and TCP on one port, that answers from a list of records: for tests only. */
export async function startTestDns(options: TestDnsOptions): Promise<TestDnsServer> {
  const asked: string[] = [];
  const tcp = createServer((socket) => serveTcp(socket, options, asked));
  await once(tcp.listen(0, '127.0.0.1'), 'listening');
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const reply = answer(decode(message), options, asked, 'udp');
    if (reply !== null) udp.send(Buffer.isBuffer(reply) ? reply : encode(reply), from.port, from.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return { address: `127.0.0.1:${port}`, port, asked, close: () => closeBoth(udp, tcp) };
}

async function closeBoth(udp: UdpSocket, tcp: Server): Promise<void> {
  udp.close();
  tcp.close();
  await once(tcp, 'close');
}

function serveTcp(socket: Socket, options: TestDnsOptions, asked: string[]): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const size = 2 + pending.readUInt16BE(0);
      const reply = answer(streamDecode(pending.subarray(0, size)), options, asked, 'tcp');
      pending = pending.subarray(size);
      if (reply !== null && !Buffer.isBuffer(reply)) socket.write(streamEncode(reply));
    }
  });
}

function answer(
  query: Packet,
  { records, empty = [], behaviour = () => 'answer' }: TestDnsOptions,
  asked: string[],
  way: 'udp' | 'tcp',
): Packet | Buffer | null {
  const [question] = query.questions ?? [];
  if (question === undefined) return null;
  const { name, type } = question;
  asked.push(`${way} ${type} ${name}`);
  const header = { id: query.id ?? 0, type: 'response' as const, questions: [question] };
  const how = behaviour(name, type);
  if (how === 'silent') return null;
  if (how === 'garbage') return Buffer.from('no DNS');
  if (how === 'servfail') return { ...header, flags: RCODE.serverFailure };
  if (how === 'refused') return { ...header, flags: RCODE.refused };
  if (how === 'truncate' && way === 'udp') return { ...header, flags: TRUNCATED_RESPONSE };
  const answers = chase(name, type, records);
  const exists = answers.length > 0 || empty.includes(name) || records.some((record) => record.name === name);
  return { ...header, flags: exists ? RCODE.noError : RCODE.noSuchName, answers };
}

/** Records of that name and type, through aliases. */
function chase(name: string, type: string, records: readonly Answer[]): Answer[] {
  const direct = records.filter((record) => record.name === name && record.type === type);
  if (direct.length > 0) return direct;
  const alias = records.find((record) => record.name === name && record.type === 'CNAME');
  return alias === undefined ? [] : [alias, ...chase((alias as { data: string }).data, type, records)];
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
