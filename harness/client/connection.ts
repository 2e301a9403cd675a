import type { Socket } from 'node:net';
import type { Outbox } from '../support/outbox';
import { resetSocket } from './reset-socket';
import { type ConnectionOptions, DEFAULT_TIMEOUT_MS, type WaitOptions } from './connection-options';
import { type Instant, msUntil } from './deadline';
import { dial } from './dial';
import { drained } from './drained';
import { type Endpoint, formatEndpoint } from './endpoint';
import { Ending } from './ending';
import { type FailureKind, failureOf, type HostFailure, type Stage } from './host-failure';
import { Inbox } from './inbox';
import type { Closing, ConnectionObserver, ObservedConnection } from './observer';
import { Reader, type Wanted } from './reader';
import { WallTime } from './wall-time';

/**
 * One TCP connection to a host. Every wait has a deadline and fails as a `HostFailure`; one reader at a time. What came
 * before the host closed can still be received. It is released by `close`, `reset` or `destroy`.
 */
export class Connection implements ObservedConnection {
  readonly index: number;
  readonly client: string;
  readonly host: string;
  readonly localEndpoint: Endpoint;
  readonly remoteEndpoint: Endpoint;
  readonly timeoutMs: number;
  readonly time: WallTime;
  /** Where calls wait for the end of the turn, if they do. */
  readonly outbox: Outbox | undefined;
  /** A call of this connection waits there: nothing overtakes it. */
  unsent = false;
  /** Resolves when the socket is gone, whoever closed it. */
  readonly whenClosed: Promise<void>;
  readonly #inbox = new Inbox();
  readonly #ending: Ending;
  readonly #reader: Reader;
  readonly #observer: ConnectionObserver | undefined;
  readonly #signal: AbortSignal | undefined;
  #paused = false;
  #read: Uint8Array = NOTHING;
  #toldClosed = false;
  #lastResort: NodeJS.Timeout | null = null;

  private constructor(
    readonly endpoint: Endpoint,
    private readonly socket: Socket,
    options: ConnectionOptions,
  ) {
    this.index = options.index ?? 0;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.time = options.time ?? new WallTime();
    this.outbox = options.outbox;
    this.localEndpoint = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.remoteEndpoint = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.client = formatEndpoint(this.localEndpoint);
    this.host = formatEndpoint(this.remoteEndpoint);
    this.#ending = new Ending(endpoint, socket, this.#inbox);
    this.#reader = new Reader(this.#inbox, this.#ending);
    this.#observer = options.observer;
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort);
    socket.on('error', (error) => this.#onError(error));
    socket.on('end', () => this.#onEnd());
    this.whenClosed = new Promise((resolve) => socket.once('close', () => resolve(this.#onClose())));
    this.#observer?.opened?.(this, this.time.nowNs());
  }

  /** @throws HostFailure of stage `connect` */
  static open(endpoint: Endpoint, options: ConnectionOptions = {}): Promise<Connection> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, localAddress } = options;
    return dial(
      endpoint,
      { timeoutMs, signal, localAddress },
      {
        made: (socket) => new Connection(endpoint, socket, options),
        read: (connection, buffer, length) => connection.#onBytes(buffer, length),
      },
    );
  }

  /** True until either side has torn the connection down; a host's half-close leaves it open for sending. */
  get open(): boolean {
    return !this.socket.destroyed && this.ended !== 'reset';
  }

  /**
   * How the host ended its side, null while it has not. A reset that the system hands over in one event with bytes before it is
   * told as `fin`: libuv reads the bytes and reports end of stream (uv__stream_io, POLLHUP behind a partial read).
   */
  get ended(): 'fin' | 'reset' | null {
    return this.#ending.how;
  }

  /**
   * Sends bytes in one write. Resolves once the system has taken them, or most of them: a host that never reads is
   * waited for up to the deadline.
   */
  send(bytes: Uint8Array, options: WaitOptions = {}): Promise<void> {
    return this.write(bytes, options) ?? SENT;
  }

  /** True where what is written now is taken at once: nothing waits before it. */
  get ready(): boolean {
    return this.open && !this.socket.writableEnded && this.socket.writableLength === 0 && !this.unsent;
  }

  /** As `send`, but null where the system has taken the bytes at once, as it nearly always does: most calls need no promise for it. */
  write(
    bytes: Uint8Array,
    { timeoutMs = this.timeoutMs, stage = 'request' }: WaitOptions = {},
  ): Promise<void> | null {
    this.#sendUnsent();
    if (!this.open || this.socket.writableEnded) return Promise.reject(this.#ending.over(stage));
    const flowing = this.socket.write(bytes);
    this.#observer?.sent?.(this, bytes, this.time.nowNs());
    return flowing
      ? null
      : drained(this.socket, timeoutMs, {
          late: () => this.failure('timed-out', stage, 'did not read what was sent in time'),
          over: () => this.#ending.over(stage),
        });
  }

  /** The next whole PDU. @throws HostFailure, `garbage` where the bytes are none */
  receive({ timeoutMs = this.timeoutMs, stage = 'answer' }: WaitOptions = {}): Promise<Uint8Array> {
    return this.#reader.wait(this.#wholePdu, timeoutMs, stage);
  }

  /** As `receive`, with one deadline that several waits can share. */
  receiveUntil(deadline: Instant, stage: Stage): Promise<Uint8Array> {
    return this.#reader.wait(this.#wholePdu, msUntil(deadline), stage, false, deadline);
  }

  /** As `receiveUntil`, but null where the host has ended its side behind a whole PDU: to who waits for that it is no failure. */
  receiveOrEnd(deadline: Instant, stage: Stage): Promise<Uint8Array | null> {
    return this.#reader.wait(this.#wholePduOrEnd, msUntil(deadline), stage, false, deadline);
  }

  /** The bytes that are there, at least one, as they come; null at the host's end of stream. */
  receiveRaw({ timeoutMs = this.timeoutMs, stage = 'answer' }: WaitOptions = {}): Promise<Uint8Array | null> {
    const take = (): Uint8Array | null | undefined =>
      this.#drained(this.#inbox.takeRaw()) ?? (this.ended === 'fin' ? null : undefined);
    return this.#reader.wait({ take }, timeoutMs, stage);
  }

  /** Waits until the host ends its side, and says how. What it sends before is thrown away. */
  waitForClose(timeoutMs = this.timeoutMs): Promise<'fin' | 'reset'> {
    const take = (): 'fin' | 'reset' | undefined => {
      this.#inbox.clear();
      return this.#drained(this.ended ?? undefined);
    };
    return this.#reader.wait({ take }, timeoutMs, 'close', true);
  }

  /** Half-close: sends FIN, and can still receive. */
  end(): void {
    this.#sendUnsent();
    this.socket.end();
  }

  /** Sends FIN behind what was sent and releases the socket. Resolves when it is gone. */
  close(): Promise<void> {
    this.#sendUnsent();
    this.#tellClosed('local-fin');
    this.socket.destroySoon();
    this.#reader.abandon();
    // A host that reads nothing could hold back the FIN: nothing waits for it longer than for an answer.
    if (!this.socket.destroyed) this.#lastResort ??= setTimeout(() => this.socket.destroy(), this.timeoutMs);
    return this.whenClosed;
  }

  /** Cuts the connection with RST. */
  reset(): Promise<void> {
    this.#sendUnsent();
    this.#tellClosed('local-reset');
    resetSocket(this.socket);
    this.#reader.abandon();
    return this.whenClosed;
  }

  /** Releases the socket at once. */
  destroy(): Promise<void> {
    this.#sendUnsent();
    this.#tellClosed('local-fin');
    this.socket.destroy();
    this.#reader.abandon();
    return this.whenClosed;
  }

  /** A failure of this connection, for whoever judges its PDUs. */
  failure(kind: FailureKind, stage: Stage, what: string, cause?: unknown): HostFailure {
    return this.#ending.failure(kind, stage, what, cause);
  }

  /** @returns false to make the host wait */
  #onBytes(buffer: Buffer, length: number): boolean {
    // Most answers are as long as the one before: a view of what was read is made for the first of them.
    if (this.#read.length !== length) this.#read = buffer.subarray(0, length);
    const bytes = Buffer.allocUnsafe(length);
    bytes.set(this.#read);
    this.#observer?.received?.(this, bytes, this.time.nowNs());
    this.#inbox.push(bytes);
    this.#reader.wake();
    this.#paused = this.#inbox.full;
    return !this.#paused;
  }

  /** Waits for what is made of the PDUs that come, several perhaps: `wanted` takes them by `nextPdu`. */
  receiveWanted<T>(wanted: Wanted<T>, timeoutMs: number, stage: Stage): Promise<T> {
    return this.#reader.wait(wanted, timeoutMs, stage);
  }

  /** The next whole PDU, where it has come. @throws ProtocolError where the stream has no next PDU */
  nextPdu(): Uint8Array | undefined {
    const pdu = this.#inbox.nextPdu();
    return this.#paused ? this.#drained(pdu) : pdu;
  }

  readonly #wholePdu: Wanted<Uint8Array> = { take: () => this.nextPdu() };

  readonly #wholePduOrEnd: Wanted<Uint8Array | null> = {
    take: () => this.nextPdu() ?? (this.ended === 'fin' && !this.#inbox.partial ? null : undefined),
  };

  /** Passes on what was taken out of the inbox; a host that had to wait can go on once half of its bytes are read. */
  #drained<T>(taken: T): T {
    if (this.#paused && this.#inbox.roomy) {
      this.#paused = false;
      this.socket.resume();
    }
    return taken;
  }

  #onEnd(): void {
    this.#ending.how ??= 'fin';
    this.#tellClosed('remote-fin');
    this.#reader.wake();
  }

  #onError(error: Error): void {
    this.#ending.fail(failureOf(error, 'answer', this.endpoint));
    this.#tellClosed('remote-reset');
    this.#reader.wake();
  }

  #onClose(): void {
    if (this.#lastResort !== null) clearTimeout(this.#lastResort);
    this.#reader.dispose();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#reader.wake();
  }

  readonly #onAbort = (): void => {
    this.#ending.fail(this.failure('interrupted', 'answer', 'was given up: interrupted'));
    this.#reader.wake();
    void this.destroy();
  };

  #sendUnsent(): void {
    if (this.unsent) this.outbox!.flush();
  }

  #tellClosed(how: Closing): void {
    if (this.#toldClosed) return;
    this.#toldClosed = true;
    this.#observer?.closed?.(this, how, this.time.nowNs());
  }
}

const SENT = Promise.resolve();
const NOTHING = new Uint8Array(0);
