import { decode, encode, streamDecode, streamEncode } from 'dns-packet';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { answerTo, type TestZone } from './dns-zone';

export * from './dns-zone';

export interface TestDnsServer {
  /** `127.0.0.1:PORT`, as for `--dns`. */
  readonly address: string;
  readonly port: number;
  /** Names asked for, with the type and the way they came by. */
  readonly asked: string[];
  /** May be called again. */
  close(): Promise<void>;
}

export interface TestDnsOptions extends TestZone {
  /** Changes what is served from now on; the port stays. */
  readonly zone?: () => TestZone;
}

/** A DNS server on loopback, UDP and TCP on one port, that answers from a list of records, or as it is told to: for tests only. */
export async function startTestDns(options: TestDnsOptions): Promise<TestDnsServer> {
  const asked: string[] = [];
  const zone = (): TestZone => options.zone?.() ?? options;
  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    open.add(socket.once('close', () => open.delete(socket)));
    serveTcp(socket, zone, asked);
  });
  await once(tcp.listen(0, '127.0.0.1'), 'listening');
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    const reply = answerTo(decode(message), zone(), asked, 'udp');
    if (reply === null || reply === 'close') return;
    udp.send(Buffer.isBuffer(reply) ? reply : encode(reply), from.port, from.address);
  });
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeBoth(udp, tcp, open));
  return { address: `127.0.0.1:${port}`, port, asked, close };
}

async function closeBoth(udp: UdpSocket, tcp: Server, open: ReadonlySet<Socket>): Promise<void> {
  udp.close();
  const gone = once(tcp, 'close');
  tcp.close();
  for (const socket of open) socket.destroy();
  await gone;
}

function serveTcp(socket: Socket, zone: () => TestZone, asked: string[]): void {
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const size = 2 + pending.readUInt16BE(0);
      const reply = answerTo(streamDecode(pending.subarray(0, size)), zone(), asked, 'tcp');
      pending = pending.subarray(size);
      if (reply === 'close') socket.destroy();
      else if (reply !== null && !Buffer.isBuffer(reply)) socket.write(streamEncode(reply));
    }
  });
}
