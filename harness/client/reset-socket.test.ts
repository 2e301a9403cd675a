import { expect } from 'chai';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { resetSocket } from './reset-socket';

describe('resetting a socket', () => {
  let server: Server;
  let served: Promise<Socket>;
  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).resume());
    served = once(server, 'connection').then(([socket]) => socket as Socket);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const connected = async (): Promise<Socket> => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    return socket;
  };
  const sockets = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

  it('sends RST', async () => {
    const socket = await connected();
    const failure = once(await served, 'error');
    resetSocket(socket);
    expect((await failure) as [NodeJS.ErrnoException]).to.have.nested.property('[0].code', 'ECONNRESET');
  });

  it('lets go of one whose FIN is on its way, without an error', async () => {
    const before = sockets();
    const socket = await connected();
    const host = await served;
    const errors: Error[] = [];
    socket.on('error', (error) => errors.push(error));
    socket.write('x');
    socket.end();
    const gone = [once(socket, 'close'), once(host, 'close')];
    resetSocket(socket);
    await Promise.all(gone);
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).to.deep.equal([]);
    expect(sockets()).to.equal(before);
  });
});
