import { expect } from 'chai';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { dial } from './dial';
import { HostFailure } from './host-failure';

/** An address of this machine that is none of loopback, as another machine's would be; null where it has none. */
const foreign = (): string | null =>
  Object.values(networkInterfaces())
    .flat()
    .find((at) => at !== undefined && !at.internal && at.family === 'IPv4')?.address ?? null;

describe('a connection that may lead to this machine only', () => {
  let server: Server;
  let octets = 0;
  before(async () => {
    server = createServer((socket) =>
      socket.on('data', ({ length }) => (octets += length)).on('error', () => undefined),
    );
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
  });
  after(() => server.close());

  const connectTo = (addresses: readonly string[], loopbackOnly?: true): Promise<string> => {
    const { port } = server.address() as { port: number };
    const endpoint = { host: 'name.example', port, addresses, ...(loopbackOnly && { loopbackOnly }) };
    return dial(endpoint, { timeoutMs: 2000 }, { made: (socket) => socket, read: () => true }).then(
      (socket) => (socket.destroy(), 'connected'),
      (error: unknown) => (error instanceof HostFailure ? error.message : 'another error'),
    );
  };

  it('is checked again where it leads: an answer of DNS that changed sends nothing', async function () {
    const elsewhere = foreign();
    expect(await connectTo(['127.0.0.1'], true)).to.equal('connected');
    if (elsewhere === null) return;
    expect(await connectTo([elsewhere], true)).to.contain(`leads to ${elsewhere}`);
    expect(await connectTo([elsewhere])).to.equal('connected');
    expect(octets).to.equal(0);
  });
});
