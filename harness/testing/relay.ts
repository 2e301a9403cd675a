import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  readonly port: number;
  close(): Promise<void>;
}

const asItIs = (client: Socket, host: Socket): void => {
  client.pipe(host).pipe(client);
};

/**
 * A second loopback port of the same host, as a load balancer makes of it: for tests only.
 * @param join lets the two ends of each connection talk; as they are, where left out
 */
export async function startRelay(hostPort: number, join = asItIs): Promise<Relay> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const host = connect({ port: hostPort, host: '127.0.0.1', allowHalfOpen: true });
    join(keep(client), keep(host));
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
