import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { startLabHost } from '../../lab-host';
import { unusedPort } from '../../testing/unused-port';
import { startFilledHost } from '../../testing/filled-host';
import type { HostRole, Ports } from '../../testing/ill-zones';

/** The hosts that the records of one zone name. */
export interface ZoneHosts {
  readonly port: Ports;
  close(): Promise<void>;
}

const COUNTED = { good: 30, second: 27, small: 2, office: 0 } as const;

/** Starts the hosts that a zone names: those for which `records` asks the port. */
export async function startZoneHosts(records: (port: Ports) => unknown): Promise<ZoneHosts> {
  const wanted = new Set<HostRole>();
  records((role) => {
    wanted.add(role);
    return 1;
  });
  const started = new Map<HostRole, { readonly port: number; close(): Promise<void> }>();
  for (const role of wanted) started.set(role, await startHost(role));
  return {
    port: (role) => started.get(role)!.port,
    close: async () => {
      await Promise.all([...started.values()].map((host) => host.close()));
    },
  };
}

async function startHost(role: HostRole): Promise<{ port: number; close(): Promise<void> }> {
  switch (role) {
    case 'good':
    case 'second':
    case 'small':
      return startFilledHost(COUNTED[role]);
    case 'office':
      return startLabHost({ keyGroup: 'office2010' });
    case 'silent':
      return listener(() => undefined);
    case 'web':
      return listener((write) => write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    case 'down':
      return { port: await unusedPort(), close: () => Promise.resolve() };
  }
}

/** Something that takes connections, and is no KMS host. */
async function listener(
  greet: (write: (text: string) => void) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    server.once('end-all', () => socket.destroy());
    greet((text) => socket.end(text));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const close = async (): Promise<void> => {
    server.emit('end-all');
    server.close();
    await once(server, 'close');
  };
  return { port, close };
}
