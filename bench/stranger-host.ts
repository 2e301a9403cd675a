import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type HabitName, startLabHost } from '../harness/lab-host';
import { startControlServer } from '../harness/lab-host/control';
import { startRelay } from '../harness/testing/relay';
import { GOOD_HABITS, withHabit } from '../scenarios/testing/good-habits';
import { decodePdu, Framer } from '../protocol';
import { saidBy, type SeparateHost } from './fuzz-target';

/** How a host that we did not write treats what it does not like, and with which habits of the lab host. */
interface Manner {
  readonly habits?: readonly HabitName[];
  /** Stand in front of it, one before the other. @returns the port to ask */
  readonly fronts?: readonly ((hostPort: number) => Promise<number>)[];
}

/** Nothing at all is said to what no response answers, and the connection is kept until the client is done with it. */
async function silent(hostPort: number): Promise<number> {
  const { port } = await startRelay(hostPort, (client, host) => {
    const framer = new Framer();
    client.on('data', (bytes) => void (host.destroyed || host.write(bytes)));
    client.on('end', () => (host.destroyed ? client.destroySoon() : host.end()));
    client.on('close', () => host.destroy());
    host.on('data', (bytes) => {
      for (const pdu of framer.push(bytes)) {
        const { kind } = decodePdu(pdu);
        if (kind === 'response' || kind === 'bindAck' || kind === 'alterContextResp') client.write(pdu);
      }
    });
    const over = (): void => void (client.readableEnded && client.destroySoon());
    host.on('end', over);
    host.on('close', over);
  });
  return port;
}

const LATE_MS = 20;

/** Reads nothing of a connection before it is so old. */
async function late(hostPort: number): Promise<number> {
  const { port } = await startRelay(hostPort, (client, host) => {
    setTimeout(() => client.pipe(host), LATE_MS);
    host.pipe(client);
  });
  return port;
}

const behind = (name: string) => async (hostPort: number) =>
  (await withHabit(GOOD_HABITS.find((habit) => habit.name === name)!, hostPort)).port;

const ONE_TABLE: readonly HabitName[] = ['counts-unknown-applications-as-windows'];

/** By the name that the bench shows. */
export const MANNERS = {
  'keeps silent': { fronts: [silent] },
  'takes 20 ms': { habits: ['takes-20-ms'] },
  'closes after one answer': { fronts: [behind('closes after one answer')] },
  'closes after one answer, and reads a connection after 20 ms': {
    fronts: [behind('closes after one answer'), late],
  },
  'has one table': { habits: ONE_TABLE },
  'refuses all noise': { habits: ['refuses-unknown-applications'], fronts: [behind('closes after a fault')] },
  'keeps silent and has one table': { habits: ONE_TABLE, fronts: [silent] },
} as const satisfies Readonly<Record<string, Manner>>;
export type MannerName = keyof typeof MANNERS;

export interface StrangerHost extends SeparateHost {
  /** Where it takes `reset` and the like. */
  readonly controlPort: number;
}

/** Starts a host of this manner in a process of its own. */
export async function startStranger(manner: MannerName): Promise<StrangerHost> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register', __filename, manner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port, controlPort] = (await saidBy(child, /listening on \S*:(\d+), controls on (\d+)/)).map(Number);
  return {
    port: port!,
    controlPort: controlPort!,
    close: async () => {
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}

async function serve({ habits = [], fronts = [] }: Manner): Promise<void> {
  const host = await startLabHost({ seed: 5, habits });
  const controls = await startControlServer(host, 0);
  let { port } = host;
  for (const front of fronts) port = await front(port);
  process.once('SIGTERM', () => void controls.close().then(() => process.exit()));
  process.stdout.write(`listening on 127.0.0.1:${port}, controls on ${controls.port}\n`);
}

if (require.main === module) void serve(MANNERS[process.argv[2] as MannerName]);
