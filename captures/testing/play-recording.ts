import { createServer, createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { recordedConnections } from './recorded';

/**
 * Plays a recorded capture between two real sockets, for tcpdump and dumpcap to record anew: each end sends its recorded
 * PDUs in turn. Arguments: RECORDING --address A --port P [--piece BYTES] [--close fin|reset|half] [--connections N] [--stop-before-answer].
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    address: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '16881' },
    piece: { type: 'string', default: '0' },
    close: { type: 'string', default: 'fin' },
    connections: { type: 'string', default: '1000' },
  },
});

type Pdus = Awaited<ReturnType<typeof recordedConnections>>[number]['pdus'];

const DEADLINE_MS = 10_000;
const piece = Number(values.piece);

/** Sends in pieces, a turn of the event loop between them, so that each becomes a segment. */
async function send(socket: Socket, bytes: Buffer): Promise<void> {
  const size = piece || bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Plays one end's part: waits for what the other sends, then sends its own. */
async function perform(socket: Socket, side: 'client' | 'host', pdus: Pdus): Promise<void> {
  socket.setNoDelay(true);
  let received = 0;
  let expected = 0;
  let wake: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    wake();
  });
  for (const pdu of pdus) {
    if (pdu.side === side) {
      await send(socket, pdu.bytes);
      continue;
    }
    expected += pdu.bytes.length;
    while (received < expected) await new Promise<void>((resolve) => (wake = resolve));
  }
}

async function playConnection(pdus: Pdus): Promise<void> {
  const server = createServer({ allowHalfOpen: true }).listen(Number(values.port), values.address);
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = createConnection({ port: Number(values.port), host: values.address, allowHalfOpen: true });
  const [host] = await accepted;
  host.on('error', () => undefined);
  const last = pdus.length - 1;
  if (values.close === 'reset') {
    // The last answer never comes: the client gives up.
    await Promise.all([
      perform(client, 'client', pdus.slice(0, last)),
      perform(host, 'host', pdus.slice(0, last)),
    ]);
    client.resetAndDestroy();
    host.destroy();
  } else if (values.close === 'half') {
    await Promise.all([
      perform(client, 'client', pdus.slice(0, last)),
      perform(host, 'host', pdus.slice(0, last)),
    ]);
    client.end();
    host.resume();
    await once(host, 'end');
    host.end(pdus[last]!.bytes);
    client.resume();
    await once(client, 'close');
  } else {
    await Promise.all([perform(client, 'client', pdus), perform(host, 'host', pdus)]);
    client.end();
    await once(host, 'end');
    host.end();
    await once(client, 'close');
  }
  server.close();
}

async function main(): Promise<void> {
  const deadline = setTimeout(() => process.exit(1), DEADLINE_MS);
  const connections = await recordedConnections(positionals[0]!);
  for (const { pdus } of connections.slice(0, Number(values.connections))) await playConnection(pdus);
  clearTimeout(deadline);
}

void main();
