import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { type Accepted, acceptInto } from './accepted-socket';

/** What a server heard from a client that sent these pieces and closed its side. */
async function heard(server: Server, pieces: readonly Uint8Array[], handle?: null): Promise<Buffer> {
  server.listen({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const accepted = new Promise<Accepted>((resolve) => acceptInto(server, resolve, handle));
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const connection = await accepted;
  const { socket } = connection;
  const kept: Uint8Array[] = [];
  connection.onBytes((bytes) => void kept.push(bytes));
  for (const piece of pieces) {
    client.write(piece);
  }
  client.end();
  await once(socket, 'end');
  const closed = Promise.all([once(socket, 'close'), once(client.resume(), 'close')]);
  socket.end();
  await closed;
  await new Promise((resolve) => server.close(resolve));
  return Buffer.concat(kept);
}

const pieces = [1, 30_000, 200_000, 2].map((size, i) => Buffer.alloc(size, i + 1));

describe('accepted sockets', () => {
  it('hand out what came, in order, as bytes that the next read leaves alone', async () => {
    const bytes = await heard(createServer({ allowHalfOpen: true }), pieces);
    expect(bytes.equals(Buffer.concat(pieces))).to.be.true;
  });

  it('do the same where Node does not accept as it is expected to', async () => {
    const bytes = await heard(createServer({ allowHalfOpen: true }), pieces, null);
    expect(bytes.equals(Buffer.concat(pieces))).to.be.true;
  });
});
