import { setMaxListeners } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { ProtocolError } from '../../protocol';
import { type Instant, instantIn, LazyDeadline } from './deadline';
import { type Endpoint, formatEndpoint } from './endpoint';
import { type FailureKind, failureOf, HostFailure, type Stage } from './host-failure';
import { Inbox } from './inbox';
import type { Closing, ConnectionObserver } from './observer';
import { WallTime } from './wall-time';

/** The time to live of a request (volume-activation-article): how long an answer is waited for, unless told otherwise. */
export const DEFAULT_TIMEOUT_MS = 15_000;
/** Bytes that may lie unread before the host is made to wait: a host that sends without end does not fill the memory. */
const MAX_UNREAD = 1 << 20;
/** Bytes of a read; an answer is some 200. */
const READ_SIZE = 1 << 13;

export interface ConnectionOptions {
  /** For connecting, and for every wait that names none of its own. */
  readonly timeoutMs?: number;
  /** Aborting it destroys the connection; what waits fails as `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Source address, such as 127.0.0.2. */
  readonly localAddress?: string | undefined;
  readonly observer?: ConnectionObserver | undefined;
  /** Number of the connection in its run, from 0. */
  readonly index?: number;
  readonly time?: WallTime;
}

export interface WaitOptions {
  readonly timeoutMs?: number;
  /** What the wait is for, for the failure. */
  readonly stage?: Stage;
}

interface Waiter {
  readonly stage: Stage;
  readonly afterEnd: boolean;
  take(): unknown;
  resolve(value: never): void;
  reject(error: Error): void;
}

/**
 * One TCP connection to a host. Every wait has a deadline and fails as a `HostFailure`; one reader at a time. What came
 * before the host closed can still be received. It is released by `close`, `reset` or `destroy`.
 */
export class Connection {
  readonly index: number;
  /** This side's address as `address:port`, IPv6 in brackets. */
  readonly client: string;
  /** The address that was connected to, which a name may hide. */
  readonly host: string;
  readonly localEndpoint: Endpoint;
  readonly remoteEndpoint: Endpoint;
  readonly timeoutMs: number;
  readonly time: WallTime;
  /** Resolves when the socket is gone, whoever closed it. */
  readonly whenClosed: Promise<void>;
  /**
   * How the host ended its side, null while it has not. A reset that the system hands over in one event with bytes before it is
   * told as `fin`: libuv reads the bytes and reports end of stream (uv__stream_io, POLLHUP behind a partial read).
   */
  ended: 'fin' | 'reset' | null = null;
  readonly #inbox = new Inbox();
  readonly #deadline = new LazyDeadline(() => this.#expired());
  readonly #observer: ConnectionObserver | undefined;
  readonly #signal: AbortSignal | undefined;
  #waiter: Waiter | null = null;
  #failure: HostFailure | null = null;
  #paused = false;
  #toldClosed = false;

  private constructor(
    readonly endpoint: Endpoint,
    private readonly socket: Socket,
    options: ConnectionOptions,
  ) {
    this.index = options.index ?? 0;
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.time = options.time ?? new WallTime();
    this.localEndpoint = { host: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    this.remoteEndpoint = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.client = formatEndpoint(this.localEndpoint);
    this.host = formatEndpoint(this.remoteEndpoint);
    this.#observer = options.observer;
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort);
    socket.removeAllListeners('error');
    socket.on('error', (error) => this.#onError(error));
    socket.on('end', () => this.#onEnd());
    this.whenClosed = new Promise((resolve) => socket.once('close', () => resolve(this.#onClose())));
  }

  /** @throws HostFailure of stage `connect` */
  static open(endpoint: Endpoint, options: ConnectionOptions = {}): Promise<Connection> {
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    if (signal !== undefined) unlimitListeners(signal);
    return new Promise((resolve, reject) => {
      // Bytes may come before the promise's caller runs, so the connection is made in the `connect` event itself.
      let connection: Connection | null = null;
      const fail = (failure: HostFailure): void => {
        release();
        socket.destroy();
        reject(failure);
      };
      const failWith = (kind: FailureKind, what: string) => (): void =>
        fail(new HostFailure({ kind, what, stage: 'connect', endpoint }));
      const onAbort = failWith('interrupted', 'was not connected to: interrupted');
      const timer = setTimeout(failWith('timed-out', `did not accept within ${timeoutMs} ms`), timeoutMs);
      const release = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const socket = openSocket(
        endpoint,
        options,
        (chunk) => connection === null || connection.#onBytes(chunk),
      );
      socket.on('error', (error) => fail(failureOf(error, 'connect', endpoint)));
      socket.once('connect', () => {
        release();
        connection = new Connection(endpoint, socket, options);
        connection.#observer?.opened?.(connection, connection.time.nowNs());
        resolve(connection);
      });
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort);
    });
  }

  /** True until either side has torn the connection down; a host's half-close leaves it open for sending. */
  get open(): boolean {
    return !this.socket.destroyed && this.ended !== 'reset';
  }

  /**
   * Sends bytes in one write. Resolves once the system has taken them, or most of them: a host that never reads is
   * waited for up to the deadline.
   */
  send(
    bytes: Uint8Array,
    { timeoutMs = this.timeoutMs, stage = 'request' }: WaitOptions = {},
  ): Promise<void> {
    if (!this.open || this.socket.writableEnded) return Promise.reject(this.#overFailure(stage));
    const flowing = this.socket.write(bytes);
    this.#observer?.sent?.(this, bytes, this.time.nowNs());
    return flowing ? SENT : this.#drained(timeoutMs, stage);
  }

  /** The next whole PDU. @throws HostFailure, `garbage` where the bytes are none */
  receive({ timeoutMs = this.timeoutMs, stage = 'answer' }: WaitOptions = {}): Promise<Uint8Array> {
    return this.receiveUntil(instantIn(timeoutMs), stage);
  }

  /** As `receive`, with one deadline that several waits can share. */
  receiveUntil(deadline: Instant, stage: Stage): Promise<Uint8Array> {
    return this.#wait(this.#takePdu, deadline, stage, false);
  }

  /** The bytes that are there, at least one, as they come; null at the host's end of stream. */
  receiveRaw({ timeoutMs = this.timeoutMs, stage = 'answer' }: WaitOptions = {}): Promise<Uint8Array | null> {
    const take = (): Uint8Array | null | undefined =>
      this.#inbox.takeRaw() ?? (this.ended === 'fin' ? null : undefined);
    return this.#wait(take, instantIn(timeoutMs), stage, false);
  }

  /** Waits until the host ends its side, and says how. What it sends before is thrown away. */
  waitForClose(timeoutMs = this.timeoutMs): Promise<'fin' | 'reset'> {
    const take = (): 'fin' | 'reset' | undefined => {
      this.#inbox.clear();
      return this.ended ?? undefined;
    };
    return this.#wait(take, instantIn(timeoutMs), 'close', true);
  }

  /** Half-close: sends FIN, and can still receive. */
  end(): void {
    this.socket.end();
  }

  /** Sends FIN behind what was sent and releases the socket. Resolves when it is gone. */
  close(): Promise<void> {
    this.#tellClosed('local-fin');
    this.socket.destroySoon();
    this.#abandon();
    // A host that reads nothing could hold back the FIN: nothing waits for it longer than for an answer.
    const timer = setTimeout(() => this.socket.destroy(), this.timeoutMs);
    return this.whenClosed.finally(() => clearTimeout(timer));
  }

  /** Cuts the connection with RST. */
  reset(): Promise<void> {
    this.#tellClosed('local-reset');
    this.socket.resetAndDestroy();
    this.#abandon();
    return this.whenClosed;
  }

  /** Releases the socket at once. */
  destroy(): Promise<void> {
    this.#tellClosed('local-fin');
    this.socket.destroy();
    this.#abandon();
    return this.whenClosed;
  }

  /** A failure of this connection, for whoever judges its PDUs. */
  failure(kind: FailureKind, stage: Stage, what: string, cause?: unknown): HostFailure {
    const details = cause instanceof ProtocolError ? { details: cause, cause } : {};
    return new HostFailure({ kind, stage, what, endpoint: this.endpoint, ...details });
  }

  readonly #takePdu = (): Uint8Array | undefined => this.#inbox.nextPdu();

  #wait<T>(take: () => T | undefined, deadline: Instant, stage: Stage, afterEnd: boolean): Promise<T> {
    if (this.#waiter !== null) throw new Error('a connection has one reader at a time');
    try {
      const value = take();
      if (this.#paused) this.#resumeIfDrained();
      if (value !== undefined) return Promise.resolve(value);
      if (this.#isOver(afterEnd)) return Promise.reject(this.#overFailure(stage));
    } catch (error) {
      return Promise.reject(this.#failureFrom(error, stage));
    }
    this.#deadline.set(deadline);
    return new Promise((resolve, reject) => {
      this.#waiter = { stage, afterEnd, take, resolve, reject };
    });
  }

  /** Looks whether what is waited for has come. */
  #wake(): void {
    const waiter = this.#waiter;
    if (waiter === null) return;
    try {
      const value = waiter.take();
      if (value !== undefined) this.#release().resolve(value as never);
      else if (this.#isOver(waiter.afterEnd)) this.#release().reject(this.#overFailure(waiter.stage));
    } catch (error) {
      this.#release().reject(this.#failureFrom(error, waiter.stage));
    }
  }

  #release(): Waiter {
    const waiter = this.#waiter!;
    this.#waiter = null;
    this.#deadline.clear();
    return waiter;
  }

  #isOver(afterEnd: boolean): boolean {
    return this.#failure !== null || this.socket.destroyed || (this.ended !== null && !afterEnd);
  }

  #overFailure(stage: Stage): HostFailure {
    if (this.#failure !== null) return this.#failure.with({ stage });
    if (this.ended === 'fin') {
      const within = this.#inbox.partial ? ` within a PDU, ${this.#inbox.size} bytes into it` : '';
      return this.failure('closed', stage, `closed the connection${within}`);
    }
    return this.failure('interrupted', stage, 'was given up: this side closed the connection');
  }

  #failureFrom(error: unknown, stage: Stage): Error {
    if (!(error instanceof ProtocolError)) return error as Error;
    return this.failure('garbage', stage, `sent bytes that are no PDU (${error.message})`, error);
  }

  #expired(): void {
    const waiter = this.#waiter;
    if (waiter === null) return;
    const got = this.#inbox.size === 0 ? 'sent nothing' : `sent only ${this.#inbox.size} bytes of a PDU`;
    const what = waiter.stage === 'close' ? 'did not close the connection in time' : `${got} in time`;
    this.#release().reject(this.failure('timed-out', waiter.stage, what));
  }

  /** @returns false to make the host wait */
  #onBytes(chunk: Uint8Array): boolean {
    this.#observer?.received?.(this, chunk, this.time.nowNs());
    this.#inbox.push(chunk);
    this.#wake();
    this.#paused = this.#inbox.size > MAX_UNREAD;
    return !this.#paused;
  }

  #resumeIfDrained(): void {
    if (this.#inbox.size > MAX_UNREAD / 2) return;
    this.#paused = false;
    this.socket.resume();
  }

  #onEnd(): void {
    this.ended ??= 'fin';
    this.#tellClosed('remote-fin');
    this.#wake();
  }

  #onError(error: Error): void {
    this.#failure ??= failureOf(error, 'answer', this.endpoint);
    if (this.#failure.kind === 'reset') this.ended = 'reset';
    this.#tellClosed('remote-reset');
    this.#wake();
  }

  #onClose(): void {
    this.#deadline.dispose();
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#wake();
  }

  readonly #onAbort = (): void => {
    this.#failure ??= this.failure('interrupted', 'answer', 'was given up: interrupted');
    this.#wake();
    void this.destroy();
  };

  /** Nothing waits on a connection that this side has closed. */
  #abandon(): void {
    this.#deadline.dispose();
    const waiter = this.#waiter;
    if (waiter === null) return;
    this.#release().reject(
      this.failure('interrupted', waiter.stage, 'was given up: this side closed the connection'),
    );
  }

  #tellClosed(how: Closing): void {
    if (this.#toldClosed) return;
    this.#toldClosed = true;
    this.#observer?.closed?.(this, how, this.time.nowNs());
  }

  /** Waits until the system has taken what was written. */
  #drained(timeoutMs: number, stage: Stage): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure?: HostFailure) => (): void => {
        clearTimeout(timer);
        this.socket.off('drain', onDrain).off('close', onClose);
        if (failure === undefined) resolve();
        else reject(failure);
      };
      const onDrain = settle();
      const onClose = (): void => settle(this.#overFailure(stage))();
      const timer = setTimeout(
        settle(this.failure('timed-out', stage, 'did not read what was sent in time')),
        timeoutMs,
      );
      this.socket.once('drain', onDrain).once('close', onClose);
    });
  }
}

const SENT = Promise.resolve();

/** A socket that reads into one buffer of its own: quicker than Node's streams, which allocate for every read. */
function openSocket(
  endpoint: Endpoint,
  { localAddress }: ConnectionOptions,
  onBytes: (chunk: Uint8Array) => boolean,
): Socket {
  return connect({
    host: endpoint.host,
    port: endpoint.port,
    noDelay: true,
    allowHalfOpen: true,
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(endpoint.addresses === undefined ? {} : { lookup: knownAddresses(endpoint.addresses) }),
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_SIZE),
      callback: (length, buffer) => onBytes(Buffer.from(buffer.subarray(0, length))),
    },
  });
}

/** Answers a socket's look-up with addresses that are known; of several, Node tries each (happy eyeballs). */
function knownAddresses(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, found[0]!.address, found[0]!.family);
  };
}

const unlimited = new WeakSet<AbortSignal>();

/** Many connections hang on one signal: that is no leak, so Node need not warn. */
function unlimitListeners(signal: AbortSignal): void {
  if (unlimited.has(signal)) return;
  unlimited.add(signal);
  setMaxListeners(0, signal);
}
