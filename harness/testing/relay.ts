import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A second loopback port of the same host, as a load balancer makes of it: for tests only. */
export async function startRelay(
  hostPort: number,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    const host = keep(connect(hostPort, '127.0.0.1'));
    keep(client).pipe(host).pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
