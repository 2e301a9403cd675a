import {
  altered,
  afterRequest,
  flood,
  header,
  type HostBehaviour,
  silence,
  toEachRequest,
} from './behaviour';
import { PTYPE } from '../../../protocol';
import { type Peer, response } from '../../client/testing/scripted-host';

/** Between two octets of a host that dribbles. */
const DRIBBLE_MS = 12;

const NEVER_READS_MS = 700;

const never = (): Promise<void> => new Promise(() => undefined);

/** Reads nothing. A socket that is not read never sees its client go: it is given up when that must have happened. */
async function neverReads({ socket }: Peer): Promise<void> {
  socket.pause();
  const end = setTimeout(() => socket.destroy(), NEVER_READS_MS);
  socket.once('close', () => clearTimeout(end));
  await never();
}

async function dribble(peer: Peer, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length && !peer.socket.destroyed && !peer.ended; at++) {
    peer.send(bytes.subarray(at, at + 1));
    await new Promise<void>((resolve) => setTimeout(resolve, DRIBBLE_MS));
  }
}

const cutAt = (bytes: number, how: 'end' | 'resetAndDestroy') =>
  afterRequest((peer, answer) => {
    peer.socket.write(answer.subarray(0, bytes), () => peer.socket[how]());
  });

/** Lengths at which something ends in a good answer: a header, the head of a response, the stub's referent and size, all but one octet. */
const TELLING_CUTS = [1, 15, 16, 24, 36, 170];

/** Answers good requests on this connection, and on no other. */
const goesElsewhere =
  (then: (peer: Peer) => Promise<void> | void) =>
  (peer: Peer): Promise<void> | void => {
    peer.stopListening();
    return then(peer);
  };

/** How connections go wrong, whatever is said on them. */
export const CONNECTION_BEHAVIOURS: readonly HostBehaviour[] = [
  { name: 'is silent after accepting', script: silence, client: { kind: 'timed-out', stage: 'bind' } },
  {
    name: 'is silent after the bind',
    script: afterRequest(silence),
    client: { kind: 'timed-out', stage: 'answer' },
  },
  {
    name: 'accepts and never reads',
    script: neverReads,
    client: { kind: 'timed-out', stage: 'bind' },
  },
  {
    name: 'closes at once',
    script: (peer) => void peer.socket.end(),
    client: { kind: 'closed', stage: 'bind' },
  },
  {
    name: 'resets at once',
    script: (peer) => void peer.socket.resetAndDestroy(),
    client: { kind: 'reset', stage: /connect|bind/ },
  },
  {
    name: 'resets when the bind comes',
    script: async (peer) => {
      await peer.next();
      peer.socket.resetAndDestroy();
    },
    client: { kind: 'reset', stage: 'bind' },
  },
  {
    name: 'closes after the bind',
    script: async (peer) => {
      await peer.acceptBind();
      peer.socket.end();
    },
    client: { kind: 'closed', stage: 'answer' },
  },
  {
    name: 'closes after the request',
    script: afterRequest((peer) => void peer.socket.end()),
    client: { kind: 'closed', stage: 'answer' },
  },
  {
    name: 'resets after the request',
    script: afterRequest((peer) => void peer.socket.resetAndDestroy()),
    client: { kind: 'reset', stage: 'answer' },
  },
  {
    name: 'closes within the header of its answer',
    script: cutAt(7, 'end'),
    client: { kind: 'closed', stage: 'answer', message: /7 bytes into it/ },
  },
  {
    name: 'closes one byte short of its answer',
    script: afterRequest((peer, answer) => {
      peer.socket.end(answer.subarray(0, -1));
    }),
    client: { kind: 'closed', stage: 'answer', message: /within a PDU/ },
  },
  {
    name: 'resets within its answer',
    script: cutAt(100, 'resetAndDestroy'),
    // A system may tell a reset as an end where bytes came before it.
    client: { kind: 'reset', or: 'closed', stage: 'answer' },
  },
  ...TELLING_CUTS.map(
    (bytes): HostBehaviour => ({
      name: `resets ${bytes} bytes into its answer`,
      script: cutAt(bytes, 'resetAndDestroy'),
      client: { kind: 'reset', or: 'closed', stage: 'answer' },
    }),
  ),
  {
    name: 'dies between connecting and the bind',
    script: goesElsewhere((peer) => void peer.socket.destroy()),
    client: { kind: 'closed', or: 'reset', stage: /connect|bind/ },
  },
  {
    name: 'goes to another port after its first connection',
    script: goesElsewhere(toEachRequest((peer, answer) => peer.send(answer))),
    client: { answer: 'response' },
  },
  {
    name: 'is silent after its first answer',
    script: async (peer, connection) => {
      if (connection > 0) return silence(peer);
      const call = await peer.bound();
      if (call !== null) peer.send(response(call));
      await silence(peer);
    },
    client: { answer: 'response' },
    fallsSilent: true,
  },
  {
    name: 'sends a byte in every tenth of the time',
    script: afterRequest(dribble),
    client: { kind: 'timed-out', stage: 'answer', message: /sent \d+ octets of a PDU and not the rest/ },
  },
  {
    name: 'sends its answer in segments of a byte',
    script: toEachRequest((peer, answer) => void peer.sendInPieces(answer)),
    client: { answer: 'response' },
  },
  {
    name: 'sends ten answers in one segment',
    script: toEachRequest((peer, answer) =>
      peer.send(Buffer.concat(Array.from({ length: 10 }, () => answer))),
    ),
    client: { answer: 'response' },
  },
  {
    name: 'sends garbage behind its answer',
    script: toEachRequest((peer, answer) => peer.send(Buffer.concat([answer, Buffer.from('garbage')]))),
    client: { answer: 'response' },
  },
  {
    name: 'answers and resets',
    script: afterRequest((peer, answer) => {
      peer.socket.write(answer, () => setTimeout(() => peer.socket.resetAndDestroy(), 5));
    }),
    client: { answer: 'response' },
  },
  {
    name: 'half-closes before it answers, and answers never',
    script: async (peer) => {
      peer.socket.end();
      await silence(peer);
    },
    client: { kind: 'closed', stage: 'bind' },
  },
  {
    name: 'answers before it is asked',
    script: async (peer) => {
      await peer.acceptBind();
      peer.send(header(PTYPE.response, 77, 24));
      await silence(peer);
    },
    client: { kind: 'unexpected-pdu', stage: 'answer', message: /call_id 0x4D/ },
  },
  {
    name: 'sends zeros without end',
    script: async (peer) => void (await flood(peer, Buffer.alloc(60_000))),
    client: { kind: 'garbage', stage: 'bind' },
  },
  {
    name: 'sends answers to nothing without end',
    script: async (peer) => {
      await peer.acceptBind();
      await flood(peer, header(PTYPE.response, 99, 60_000));
    },
    client: { kind: 'unexpected-pdu', stage: 'answer', message: /call_id 0x63/ },
  },
  {
    name: 'sends good answers without end',
    script: afterRequest(async (peer, answer) => {
      await flood(peer, Buffer.concat(Array.from({ length: 200 }, () => answer)));
    }),
    client: { answer: 'response' },
  },
  {
    name: 'greets with HTTP',
    script: (peer) => peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    client: { kind: 'garbage', stage: 'bind', message: /rpc\.header\.rpcVers at offset 0/ },
  },
  {
    name: 'greets with SSH and waits',
    script: async (peer) => {
      peer.send(Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'));
      await silence(peer);
    },
    client: { kind: 'garbage', stage: 'bind' },
  },
  {
    name: 'answers zeros',
    script: toEachRequest((peer) => peer.send(Buffer.alloc(200))),
    client: { kind: 'garbage', stage: 'answer' },
  },
  { name: 'answers with RPC version 4', script: altered(0, 4), client: { kind: 'garbage', stage: 'answer' } },
];
