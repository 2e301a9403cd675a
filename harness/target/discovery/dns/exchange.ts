import { decode, encode, type Packet, RECURSION_DESIRED } from 'dns-packet';
import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Endpoint } from '../../../client/endpoint';
import { allowManyListeners } from '../../../support/many-listeners';
import type { LookupFailureKind, LookupType } from './outcome';
import { sameName } from './read-answer';

/** One question as it goes over the wire. */
export interface Query {
  readonly id: number;
  readonly name: string;
  readonly type: LookupType;
}

/** How long an answer is waited for; less where a signal comes. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of sending it once. */
export type Reply =
  | { readonly kind: 'message'; readonly packet: Packet }
  | { readonly kind: 'failed'; readonly how: LookupFailureKind; readonly problem: string };

const TRUNCATED = 1 << 9;
const RESPONSE = 1 << 15;
const HEADER_SIZE = 12;

export const isTruncated = (packet: Packet): boolean => ((packet.flags ?? 0) & TRUNCATED) !== 0;

const failed = (how: LookupFailureKind, problem: string): Reply => ({ kind: 'failed', how, problem });

const encodeQuery = ({ id, name, type }: Query): Buffer =>
  encode({ type: 'query', id, flags: RECURSION_DESIRED, questions: [{ type, name }] });

/** Asks over UDP, and once more where half of the time brought no answer. Messages that answer something else are passed over. */
export function overUdp(server: Endpoint, query: Query, { timeoutMs, signal }: Patience): Promise<Reply> {
  const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
  let strangers = 0;
  let connected = false;
  return new Promise((resolve) => {
    const settle = (reply: Reply): void => {
      signal?.removeEventListener('abort', interrupt);
      clearTimeout(timer);
      clearTimeout(again);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      resolve(reply);
    };
    const timer = setTimeout(() => settle(late(timeoutMs, strangers)), timeoutMs);
    const again = setTimeout(() => {
      if (connected) socket.send(encodeQuery(query));
    }, timeoutMs / 2);
    const interrupt = (): void => settle(failed('timed-out', 'the lookup was interrupted'));
    if (signal !== undefined) allowManyListeners(signal);
    signal?.addEventListener('abort', interrupt);
    if (signal?.aborted === true) return interrupt();
    socket.on('error', (error) => settle(failed('unreachable', whyUnreachable(error))));
    socket.on('message', (bytes) => {
      const reply = read(bytes, query);
      if (reply === null) strangers++;
      else settle(reply);
    });
    socket.on('connect', () => {
      connected = true;
      socket.send(encodeQuery(query));
    });
    // Connected, so that a port where nobody listens is told at once, and strangers are not heard.
    socket.connect(server.port, server.host);
  });
}

/** Asks once over TCP, where the answer may be of any length. */
export function overTcp(server: Endpoint, query: Query, { timeoutMs, signal }: Patience): Promise<Reply> {
  const socket = connect({ host: server.host, port: server.port });
  let received = Buffer.alloc(0);
  return new Promise((resolve) => {
    const settle = (reply: Reply): void => {
      signal?.removeEventListener('abort', interrupt);
      clearTimeout(timer);
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      resolve(reply);
    };
    const timer = setTimeout(() => settle(late(timeoutMs, 0)), timeoutMs);
    const interrupt = (): void => settle(failed('timed-out', 'the lookup was interrupted'));
    if (signal !== undefined) allowManyListeners(signal);
    signal?.addEventListener('abort', interrupt);
    if (signal?.aborted === true) return interrupt();
    socket.on('error', (error) => settle(failed('unreachable', whyUnreachable(error))));
    socket.on('close', () => settle(failed('bad-answer', 'the connection was closed without an answer')));
    socket.on('connect', () => {
      const message = encodeQuery(query);
      const size = Buffer.alloc(2);
      size.writeUInt16BE(message.length);
      socket.write(Buffer.concat([size, message]));
    });
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const reply = read(received.subarray(2, 2 + received.readUInt16BE(0)), query);
      settle(reply ?? failed('bad-answer', 'the answer belongs to another question'));
    });
  });
}

const late = (timeoutMs: number, strangers: number): Reply =>
  strangers > 0
    ? failed('bad-answer', 'only answers to other questions came')
    : failed('timed-out', `no answer in ${Math.ceil(timeoutMs)} ms`);

/** Null for a message that answers another question. */
function read(bytes: Buffer, query: Query): Reply | null {
  const flags = bytes.length < HEADER_SIZE ? 0 : bytes.readUInt16BE(2);
  if ((flags & RESPONSE) === 0) return failed('bad-answer', 'the answer is no DNS message');
  if (bytes.readUInt16BE(0) !== query.id) return null;
  let packet: Packet;
  try {
    packet = decode(bytes);
  } catch {
    // A cut answer may end anywhere, so that it cannot be read: it is asked for again over TCP.
    if ((flags & TRUNCATED) !== 0) return { kind: 'message', packet: { flags } };
    return failed('bad-answer', 'the answer is no DNS message that can be read');
  }
  return answers(packet, query) ? { kind: 'message', packet } : null;
}

/** Some servers leave the question out. */
function answers({ questions = [] }: Packet, { name, type }: Query): boolean {
  const [question] = questions;
  if (question === undefined) return true;
  return question.type === type && sameName(question.name, name);
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENETUNREACH: 'there is no way to it',
  EHOSTUNREACH: 'there is no way to it',
  ECONNRESET: 'the connection was reset',
};

const whyUnreachable = (error: NodeJS.ErrnoException): string =>
  WHY[error.code ?? ''] ?? `it cannot be reached (${error.code ?? error.message})`;
