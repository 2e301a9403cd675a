import { connect } from 'node:net';
import { startLabHost } from '../harness/lab-host';
import { REQUEST_SIZE, requestFieldMap } from '../protocol/message';
import type { Conversation } from './canned-responder';
import { type MeasuredServer, startMeasuredServer } from './lab-host/measured-server';
import { median } from './record/figures';
import { recordConversation } from './recorded-conversation';
import type { BenchReport, BenchSection } from './section';

const EXCHANGES = 40_000;
const ROUNDS = 5;

export const section: BenchSection = {
  name: 'lab-host',
  title:
    'processor time of the lab host, faults off, beyond a canned responder, each in a process of its own',
  run: (report) => measureLabHost(report, EXCHANGES),
};

/** @param exchanges of each round */
export async function measureLabHost(report: BenchReport, exchanges: number): Promise<void> {
  const recording = await startLabHost();
  const conversation = await recordConversation(recording);
  await recording.close();
  const [canned, lab] = [await startMeasuredServer(conversation), await startMeasuredServer(null)];
  try {
    for (const connections of [16, 1]) {
      const each: [canned: number, lab: number][] = [];
      await compete(connections, exchanges, [canned, lab], conversation);
      for (let round = 0; round < ROUNDS; round++)
        each.push(await compete(connections, exchanges, [canned, lab], conversation));
      const name = connections === 1 ? 'one kept connection' : `${connections} kept connections`;
      const middle = (of: (pair: readonly [number, number]) => number): number => median(each.map(of));
      const labEach = middle(([, own]) => own);
      report.measured(`${name}: an exchange of the lab host`, labEach, 'us');
      report.measured(
        '    of the canned responder',
        middle(([floor]) => floor),
        'us',
      );
      report.measured(
        '    the one beyond the other',
        middle(([floor, own]) => own - floor),
        'us',
        { atMost: 15 },
      );
      if (connections > 1)
        report.measured('    exchanges of a second of one core', 1e6 / labEach, '', { atLeast: 50_000 });
    }
  } finally {
    await Promise.all([canned.close(), lab.close()]);
  }
}

/** Turn by turn: what else the machine does meets both. @returns us of processor time an exchange, of each */
async function compete(
  connections: number,
  exchanges: number,
  servers: readonly [MeasuredServer, MeasuredServer],
  conversation: Conversation,
): Promise<[number, number]> {
  const each: number[] = [];
  for (const server of servers) {
    const before = await server.cpu();
    const share = Math.ceil(exchanges / connections);
    await Promise.all(
      Array.from({ length: connections }, (_, first) => askInTurn(server.port, share, first, conversation)),
    );
    each.push(((await server.cpu()) - before) / (share * connections));
  }
  return each as [number, number];
}

/** So many exchanges on one connection, each of another machine. */
function askInTurn(port: number, count: number, first: number, conversation: Conversation): Promise<void> {
  const { bind, bindAck, response } = conversation;
  const request = Buffer.from(conversation.request);
  const message = request.length - REQUEST_SIZE;
  const cmid = requestFieldMap(request.subarray(message)).find(({ path }) =>
    path.endsWith('.clientMachineId'),
  )!;
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }).on('error', reject);
    let asked = 0;
    let awaited = bindAck.length;
    socket.on('connect', () => socket.write(bind));
    socket.on('close', () => reject(new Error('the server closed before it had answered')));
    socket.on('data', (bytes) => {
      awaited -= bytes.length;
      if (awaited > 0) return;
      awaited = response.length;
      if (asked === count) return void socket.end(() => resolve());
      request.writeUInt32LE((first << 20) + asked++, message + cmid.offset);
      socket.write(request);
    });
  });
}
