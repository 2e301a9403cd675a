import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export interface StallingHost {
  readonly port: number;
  close(): Promise<void>;
}

/** Stands in front of a host and passes everything on at once, but for one stall: in that time nothing goes back to the clients. */
export async function startStallingHost(
  hostPort: number,
  stall: { readonly afterMs: number; readonly forMs: number },
): Promise<StallingHost> {
  const sockets = new Set<Socket>();
  let stalledUntil: Promise<void> | null = null;
  const timers: NodeJS.Timeout[] = [];
  let firstByte = true;
  const begin = (): void => {
    firstByte = false;
    timers.push(
      setTimeout(() => {
        stalledUntil = new Promise((resolve) =>
          timers.push(
            setTimeout(() => {
              stalledUntil = null;
              resolve();
            }, stall.forMs),
          ),
        );
      }, stall.afterMs),
    );
  };
  const server: Server = createServer((client) => {
    const host = connect(hostPort, '127.0.0.1');
    for (const socket of [client, host]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    client.on('data', (bytes) => {
      if (firstByte) begin();
      host.write(bytes);
    });
    host.on('data', (bytes) => {
      if (stalledUntil === null) client.write(bytes);
      else void stalledUntil.then(() => client.write(bytes));
    });
    client.on('end', () => host.end());
    host.on('end', () => client.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
