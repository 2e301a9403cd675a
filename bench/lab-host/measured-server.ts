import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { startLabHost } from '../../harness/lab-host';
import { type Conversation, serve } from '../canned-responder';

/** A server in a process of its own, whose processor time can be asked for. */
export interface MeasuredServer {
  readonly port: number;
  /** Of the process so far, us. */
  cpu(): Promise<number>;
  close(): Promise<void>;
}

/** @param canned what it answers with whatever it is asked; null for a lab host without faults */
export async function startMeasuredServer(canned: Conversation | null): Promise<MeasuredServer> {
  const child = fork(__filename, { execArgv: ['-r', 'ts-node/register'], serialization: 'advanced' });
  const ask = async (message: object): Promise<number> => {
    const answered = once(child, 'message');
    child.send(message);
    const [answer] = (await answered) as [number];
    return answer;
  };
  const port = await ask({ canned });
  return {
    port,
    cpu: () => ask({ cpu: true }),
    close: async () => {
      const over = once(child, 'exit');
      child.disconnect();
      await over;
    },
  };
}

async function listen(canned: Conversation | null): Promise<number> {
  if (canned === null) return (await startLabHost()).port;
  const server = createServer((socket) => serve(socket, canned));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

if (require.main === module) {
  process.on('message', (message: { canned: Conversation | null } | { cpu: true }) => {
    if ('cpu' in message) {
      const { user, system } = process.cpuUsage();
      process.send!(user + system);
    } else void listen(message.canned).then((port) => process.send!(port));
  });
  process.on('disconnect', () => process.exit());
}
