import { connect, type Socket } from 'node:net';
import type { Closing, Connection, ConnectionObserver } from '../harness/client';

/** Something that was sent, how many bytes came behind it, and how long the client then waited for nothing. */
interface Turn {
  readonly sent: Buffer;
  answered: number;
  silentMs: number;
}

/** What went over one connection. */
export interface Conversation {
  readonly turns: Turn[];
  /** The host has ended it, before the client or behind its end. */
  isEndedByHost: boolean;
  /** When something happened first and last, in ns, while it was recorded. */
  firstNs: bigint;
  lastNs: bigint;
  isKept: boolean;
  /** What is answered now was not recorded. */
  isPaused: boolean;
}

/** A wait for nothing is told from what the fuzzer itself was busy with. */
const SILENCE_LEAST_MS = 8;
/** What was answered then and is not now is not waited for longer. */
const LOST_MS = 1000;
const NS_A_MS = 1e6;

/**
 * Keeps the conversation of every connection while it is told to, to have it again with nothing but sockets: what was said first on a connection,
 * its bind, belongs to it whenever that was.
 */
export class ConversationRecorder implements ConnectionObserver {
  readonly #conversations = new WeakMap<Connection, Conversation>();
  #kept: Conversation[] = [];
  #isOn = false;

  begin(): void {
    this.#isOn = true;
  }

  /** What was said since `begin`. */
  end(): readonly Conversation[] {
    this.#isOn = false;
    return this.#kept.splice(0);
  }

  sent(connection: Connection, bytes: Uint8Array, atNs: bigint): void {
    const conversation = this.#of(connection, atNs);
    conversation.isPaused = !this.#isOn && conversation.turns.length > 0;
    if (conversation.isPaused) return;
    if (this.#isOn) this.#keep(conversation, atNs);
    waited(conversation, atNs);
    conversation.turns.push({ sent: Buffer.from(bytes), answered: 0, silentMs: 0 });
    conversation.lastNs = atNs;
  }

  received(connection: Connection, bytes: Uint8Array, atNs: bigint): void {
    const conversation = this.#of(connection, atNs);
    if (conversation.isPaused) return;
    const last = conversation.turns.at(-1);
    if (last !== undefined) last.answered += bytes.length;
    conversation.lastNs = atNs;
  }

  closed(connection: Connection, how: Closing, atNs: bigint): void {
    const conversation = this.#of(connection, atNs);
    conversation.isEndedByHost = how.startsWith('remote');
    if (!conversation.isEndedByHost && !conversation.isPaused) waited(conversation, atNs);
    conversation.lastNs = atNs;
  }

  #of(connection: Connection, atNs: bigint): Conversation {
    const known = this.#conversations.get(connection);
    if (known !== undefined) return known;
    const times = { firstNs: atNs, lastNs: atNs };
    const begun = { turns: [], isEndedByHost: false, ...times, isKept: false, isPaused: false };
    this.#conversations.set(connection, begun);
    return begun;
  }

  #keep(conversation: Conversation, atNs: bigint): void {
    if (conversation.isKept) return;
    conversation.isKept = true;
    // It may have been idle for long.
    conversation.firstNs = conversation.lastNs = atNs;
    this.#kept.push(conversation);
  }
}

/** How many of them were under way at a time, of those of so many ms. */
export function lanesOf(conversations: readonly Conversation[], ms: number): number {
  const open = conversations.reduce((sum, { firstNs, lastNs }) => sum + Number(lastNs - firstNs), 0);
  return Math.max(1, Math.round(open / NS_A_MS / ms));
}

/** The client did something: before, it may have waited for an answer that did not come. */
function waited({ turns, lastNs }: Conversation, atNs: bigint): void {
  const last = turns.at(-1);
  const ms = Number(atNs - lastNs) / NS_A_MS;
  if (last?.answered === 0 && ms >= SILENCE_LEAST_MS) last.silentMs = ms;
}

/**
 * The same bytes again, so many conversations at a time: each write waits for as many bytes as were answered to the one before, or as long as the
 * client waited for nothing.
 */
export async function repeat(
  port: number,
  conversations: readonly Conversation[],
  lanes: number,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < conversations.length) await converse(port, conversations[next++]!);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function converse(port: number, { turns, isEndedByHost }: Conversation): Promise<void> {
  return new Promise((resolve, reject) => {
    let turn = 0;
    let left = 0;
    let timer: NodeJS.Timeout | undefined;
    const socket: Socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: { buffer: Buffer.allocUnsafeSlow(8192), callback: (length) => take(length) },
    });
    const say = (): void => {
      clearTimeout(timer);
      if (socket.destroyed) return;
      if (turn === turns.length) {
        socket.end();
        if (!isEndedByHost) resolve();
        return;
      }
      const { sent, answered, silentMs } = turns[turn++]!;
      left = answered;
      socket.write(sent);
      if (silentMs > 0) timer = setTimeout(say, silentMs);
      else if (left === 0) say();
    };
    const take = (length: number): boolean => {
      const wasAwaited = left > 0;
      left -= length;
      if (wasAwaited && left <= 0) say();
      return true;
    };
    socket.setTimeout(LOST_MS, () => socket.destroy());
    socket
      .on('connect', say)
      .on('error', (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED' && reject(error))
      .on('close', () => {
        clearTimeout(timer);
        resolve();
      });
  });
}
