import type { Socket } from 'node:net';
import { resetSocket } from '../client/reset-socket';
import type { Accepted } from '../support/accepted-socket';
import type { Association } from './association';
import type { HostConnection } from './hooks/connection-hooks';
import type { Hooks } from './hooks/hooks';
import { HostDeath, HostHang } from './host-failure';
import type { Outbox, Outlet } from '../support/outbox';

/** How long the host waits for a client to close after it closed itself, so that its last answer is not lost to a reset. */
const LINGER_MS = 2000;

/** What a connection asks of the server around it. */
export interface ConnectionHost {
  readonly hooks: Hooks;
  readonly outbox: Outbox;
  /** The host hangs in a fault: it reads and answers nothing. */
  readonly isHung: boolean;
  /** The host has died or hangs. */
  failed(error: HostDeath | HostHang): void;
  received(connection: Connection): void;
}

/** Ties an association to its socket: one write for each chunk that was received, and no promise. */
export class Connection implements HostConnection, Outlet {
  private readonly socket: Socket;
  #hadError = false;
  #isHeld = false;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** What ends it, once its last answer is written. */
  #ends: (() => void) | null = null;

  constructor(
    accepted: Accepted,
    readonly association: Association,
    private readonly host: ConnectionHost,
    idleCloseMs: number,
  ) {
    const { socket } = accepted;
    this.socket = socket;
    socket.setNoDelay(true);
    if (idleCloseMs > 0) socket.setTimeout(idleCloseMs, () => this.#idle());
    accepted.onBytes((chunk) => host.hooks.received(this, chunk));
    socket.on('end', () => host.hooks.received(this, null));
    // A client that goes away is no failure of the host; 'close' follows.
    socket.on('error', () => {
      this.#hadError = true;
    });
    socket.on('close', () => this.#closed());
  }

  /** An answer to it is on its way, and takes its time. */
  get awaitsAnswer(): boolean {
    return this.#timers.size > 0;
  }

  /** The connection was gone before a byte came. */
  get wasSilent(): boolean {
    return this.association.isSilent;
  }

  /** The client reset it. */
  get wasReset(): boolean {
    return this.#hadError;
  }

  take(chunk: Uint8Array | null): void {
    if (chunk === null) this.#halfClosed();
    else this.#receive(chunk);
  }

  #receive(chunk: Uint8Array): void {
    const { association, host } = this;
    if (association.ending !== 'open' || host.isHung) return;
    const { callCount } = association;
    let answers: Uint8Array[];
    try {
      answers = association.receive(chunk);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (answers.length > 0) {
      const delayMs = association.callCount > callCount ? host.hooks.delayMs() : 0;
      this.#write(answers.length === 1 ? answers[0]! : Buffer.concat(answers), delayMs);
    }
    // The association may have come to its end meanwhile.
    const ending = association.ending as string;
    if (ending === 'closed') this.#behindAnswers(() => this.#end());
    else if (ending === 'reset') this.#behindAnswers(() => this.reset());
    host.received(this);
  }

  #fail(error: unknown): void {
    if (!(error instanceof HostDeath || error instanceof HostHang)) throw error;
    this.host.failed(error);
  }

  #write(bytes: Uint8Array, delayMs: number): void {
    if (delayMs === 0) {
      this.host.outbox.write(this, bytes);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.writeNow(bytes);
      if (this.#timers.size === 0) this.#ends?.();
    }, delayMs);
    this.#timers.add(timer);
  }

  /** A client that does not read its answers is not read from either. */
  writeNow(bytes: Uint8Array): void {
    const { socket } = this;
    if (!socket.writable || socket.write(bytes)) return;
    socket.pause();
    socket.once('drain', () => this.#isHeld || socket.resume());
  }

  /** The end comes behind the answers that take their time. */
  #behindAnswers(ends: () => void): void {
    this.host.outbox.flush();
    if (this.#timers.size === 0) ends();
    else this.#ends = ends;
  }

  /** A client's half-close is answered with ours; what it asked for before is answered first. */
  #halfClosed(): void {
    const { hooks, isHung } = this.host;
    if (!isHung && hooks.letsGo(this.association, 'half-close')) this.#behindAnswers(() => this.socket.end());
  }

  #closed(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    try {
      this.association.left();
    } catch (error) {
      this.#fail(error);
    }
  }

  #idle(): void {
    const { hooks, isHung } = this.host;
    if (isHung || !hooks.letsGo(this.association, 'idle')) return;
    if (this.socket.writableEnded) this.socket.destroy();
    else this.#end();
  }

  #end(): void {
    this.host.outbox.flush();
    this.socket.end();
    this.socket.setTimeout(LINGER_MS, () => this.socket.destroy());
  }

  /** Reads nothing until `release`. */
  hold(): void {
    this.#isHeld = true;
    this.socket.pause();
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.socket.resume();
  }

  /** The host has no room for it any more. */
  letGo(): void {
    this.reset();
  }

  /** As the death of the process: a reset. */
  reset(): void {
    this.host.outbox.flush();
    resetSocket(this.socket);
  }

  /** @returns once the socket is gone */
  destroy(): Promise<void> {
    const { socket } = this;
    this.host.outbox.flush();
    if (socket.closed) return Promise.resolve();
    return new Promise((resolve) => socket.once('close', () => resolve()).destroy());
  }
}
