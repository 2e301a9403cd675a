import { encodePdu, type PduInput, type PduOf } from '../../../protocol';
import type { FailureKind, Stage } from '../../client';
import { bindAck, type Peer, response } from '../../client/testing/scripted-host';

/** What one activation by the client comes to. */
export type ClientOutcome =
  | {
      readonly kind: FailureKind;
      /** What a system may tell of it as well. */
      readonly or?: FailureKind;
      readonly stage: Stage | RegExp;
      readonly message?: RegExp;
    }
  /** An answer, of whatever kind, is no failure. `path` is where a malformed one breaks. */
  | { readonly answer: 'response' | 'refusal' | 'fault' | 'malformed' | 'sealed'; readonly path?: RegExp };

/** A way to be a bad host: what it does to each connection, and what a client tells of it. */
export interface HostBehaviour {
  /** Completes "a host that …". */
  readonly name: string;
  readonly script: (peer: Peer, connection: number) => Promise<void> | void;
  readonly client: ClientOutcome;
  /** It answers once, and lets whoever asks again wait. */
  readonly fallsSilent?: boolean;
}

/** Whether a client only learns of it by its deadline. */
export const letsWait = ({ client }: HostBehaviour): boolean =>
  'kind' in client && client.kind === 'timed-out';

/** Silence that ends when the client goes away. */
export async function silence(peer: Peer): Promise<void> {
  while ((await peer.next()) !== null);
}

/** Takes the bind, and does `then` to the first request; `answer` is a good one. */
export const afterRequest =
  (then: (peer: Peer, answer: Buffer, request: PduOf<'request'>) => Promise<void> | void) =>
  async (peer: Peer): Promise<void> => {
    const call = await peer.bound();
    if (call !== null) await then(peer, Buffer.from(response(call)), call);
  };

/** Takes the bind, and does `then` to every request of the connection. */
export const toEachRequest =
  (then: (peer: Peer, answer: Buffer, request: PduOf<'request'>) => void) =>
  async (peer: Peer): Promise<void> => {
    if ((await peer.acceptBind()) === null) return;
    for (let pdu = await peer.next(); pdu !== null; pdu = await peer.next()) {
      if (pdu.kind === 'request') then(peer, Buffer.from(response(pdu)), pdu);
    }
  };

/** A good answer with some of its octets overwritten, to every request. */
export const altered = (at: number, ...octets: number[]) =>
  toEachRequest((peer, answer) => {
    answer.set(octets, at);
    peer.send(answer);
  });

/** Answers the bind with `ack`, made from it. */
export const toBind =
  (ack: (bind: PduOf<'bind'>, good: Buffer) => Uint8Array | PduInput) =>
  async (peer: Peer): Promise<void> => {
    const bind = await peer.next();
    if (bind?.kind !== 'bind') return;
    peer.send(ack(bind, Buffer.from(encodePdu(bindAck(bind)))));
    await silence(peer);
  };

/** A little-endian PDU header alone, with zeros behind it up to `length`. */
export function header(ptype: number, callId = 1, length = 16): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.set([5, 0, ptype, 3, 0x10]);
  bytes.writeUInt16LE(length, 8);
  bytes.writeUInt32LE(callId, 12);
  return bytes;
}

/** Sends `bytes` again and again, as fast as the client takes them, until it goes away; at most 100 MB. */
export async function flood(peer: Peer, bytes: Uint8Array): Promise<number> {
  let sent = 0;
  const { socket } = peer;
  while (!socket.destroyed && sent < 100e6) {
    sent += bytes.length;
    if (socket.write(bytes)) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => void (socket.off('drain', go).off('close', go), resolve());
      socket.once('drain', go).once('close', go);
    });
  }
  return sent;
}
