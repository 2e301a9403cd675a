import { connect, type Socket } from 'node:net';
import { KmsClient, type KmsSession } from '../harness/client';
import { machineRequest } from '../harness/model/machine-request';
import { systemClock } from '../harness/support/clock';
import { type LabHost, startLabHost } from '../harness/lab-host';
import { Random } from '../harness/support/random';
import { encodeRequest } from '../protocol';
import { type Conversation, startCannedResponder } from './canned-responder';
import { recordConversation } from './recorded-conversation';
import { type BenchReport, type BenchSection, ConsoleReport } from './section';

const ROUNDS = 10;
const ROUND_MS = 250;

export const section: BenchSection = {
  name: 'exchanges',
  title: 'exchanges a second, against a bare net loop that sends the same bytes to the same canned responder',
  run,
};

/** Exchanges until a time, ms since 1970, and tells how many. */
type Loop = (port: number, untilMs: number) => Promise<number>;

/** One way of exchanging: `own` through the client, `bare` with nothing but sockets; each ends by itself at `untilMs`. */
interface Contest {
  readonly name: string;
  /** Share of the bare loop that is the goal. */
  readonly goal: number;
  readonly own: Loop;
  readonly bare: Loop;
}

export async function run(report: BenchReport): Promise<void> {
  const host = await startLabHost();
  const conversation = await recordConversation(host);
  const responder = await startCannedResponder(conversation);
  try {
    for (const contest of contests(conversation)) await compete(contest, responder.port, report);
    await hostShare(conversation, responder.port, host, report);
  } finally {
    await responder.close();
    await host.close();
  }
}

/** Turn by turn, and the best of each: what else the machine does meets both, and neither in every round. */
async function compete({ name, goal, own, bare }: Contest, port: number, report: BenchReport): Promise<void> {
  let best = 0;
  let bestBare = 0;
  await own(port, Date.now() + 200);
  for (let round = 0; round < ROUNDS; round++) {
    bestBare = Math.max(bestBare, await perSecond(bare, port));
    best = Math.max(best, await perSecond(own, port));
  }
  report.measured(name, best, 'a second');
  report.measured('    bare sockets', bestBare, 'a second');
  report.measured('    share of the bare loop', best / bestBare, '', { atLeast: goal });
}

async function perSecond(run: Loop, port: number): Promise<number> {
  const started = performance.now();
  const exchanges = await run(port, Date.now() + ROUND_MS);
  return (exchanges / (performance.now() - started)) * 1000;
}

function contests({ bind, bindAck, request, response }: Conversation): Contest[] {
  const message = encodeRequest(
    machineRequest({ product: 'win7', random: new Random(1), clock: systemClock }),
  );
  const ownKept = (connections: number) => (port: number, untilMs: number) =>
    withClient(port, async (client) => {
      const sessions = await Promise.all(Array.from({ length: connections }, () => client.session()));
      return sum(sessions.map((session) => keepAsking(session, message, untilMs)));
    });
  const bareKept = (connections: number) => (port: number, untilMs: number) =>
    sum(
      Array.from({ length: connections }, () => bareLoop(port, [bind, bindAck, request, response], untilMs)),
    );
  const ownEach = (atATime: number) => (port: number, untilMs: number) =>
    withClient(port, (client) =>
      sum(
        Array.from({ length: atATime }, async () => {
          let exchanges = 0;
          for (; Date.now() < untilMs; exchanges++) await client.activate(message);
          return exchanges;
        }),
      ),
    );
  const bareEach = (atATime: number) => (port: number, untilMs: number) =>
    sum(
      Array.from({ length: atATime }, async () => {
        let exchanges = 0;
        for (; Date.now() < untilMs; exchanges++)
          await bareExchange(port, { bind, bindAck, request, response });
        return exchanges;
      }),
    );
  return [
    { name: 'one kept connection', goal: 0.7, own: ownKept(1), bare: bareKept(1) },
    { name: 'a connection each, one after the other', goal: 0.7, own: ownEach(1), bare: bareEach(1) },
    { name: '16 kept connections', goal: 0.8, own: ownKept(16), bare: bareKept(16) },
    { name: 'a connection each, 64 at a time', goal: 0.8, own: ownEach(64), bare: bareEach(64) },
  ];
}

async function hostShare(
  conversation: Conversation,
  canned: number,
  host: LabHost,
  report: BenchReport,
): Promise<void> {
  const [kept] = contests(conversation);
  const cannedRate = await perSecond(kept!.own, canned);
  const labRate = await perSecond(kept!.own, host.port);
  report.measured('the lab host on one kept connection', 1e6 / labRate - 1e6 / cannedRate, 'us each');
  report.note(
    '    more than the canned responder takes; the lab host runs in the thread of the client, the responder in its own',
  );
}

async function withClient(port: number, job: (client: KmsClient) => Promise<number>): Promise<number> {
  const client = new KmsClient({ endpoint: { host: '127.0.0.1', port } });
  try {
    return await job(client);
  } finally {
    await client.close();
  }
}

async function keepAsking(session: KmsSession, message: Uint8Array, untilMs: number): Promise<number> {
  let exchanges = 0;
  for (; Date.now() < untilMs; exchanges++) {
    const { answer } = await session.activate(message);
    if (answer?.kind !== 'response') throw new Error(`the responder answered ${answer?.kind}`);
  }
  return exchanges;
}

/** Ping-pong of given bytes on one connection, with no promise and no copy. */
function bareLoop(
  port: number,
  [bind, bindAck, request, response]: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array],
  untilMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = dial(port, reject);
    let exchanges = -1;
    let awaited = bindAck.length;
    socket.on('connect', () => socket.write(bind));
    socket.on('data', (bytes) => {
      awaited -= bytes.length;
      if (awaited > 0) return;
      exchanges++;
      awaited = response.length;
      if (Date.now() < untilMs) socket.write(request);
      else socket.end(() => resolve(exchanges));
    });
  });
}

function bareExchange(port: number, { bind, bindAck, request, response }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = dial(port, reject);
    let awaited = bindAck.length;
    let bound = false;
    socket.on('connect', () => socket.write(bind));
    socket.on('data', (bytes) => {
      awaited -= bytes.length;
      if (awaited > 0) return;
      awaited = response.length;
      if (bound) {
        socket.destroySoon();
        resolve();
      } else {
        bound = true;
        socket.write(request);
      }
    });
  });
}

function dial(port: number, onError: (error: Error) => void): Socket {
  return connect({ port, host: '127.0.0.1', noDelay: true }).on('error', onError);
}

async function sum(parts: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(parts)).reduce((total, part) => total + part, 0);
}

if (require.main === module) void run(new ConsoleReport((text) => process.stdout.write(text)));
