import type { Socket } from 'node:net';
import type { Association } from './association';

/** How long the host waits for a client to close after it closed itself, so that its last answer is not lost to a reset. */
const LINGER_MS = 2000;

/** Ties an association to its socket: one write for each chunk that was received, and no promise. */
export class Connection {
  constructor(
    readonly socket: Socket,
    private readonly association: Association,
    idleCloseMs: number,
  ) {
    socket.setNoDelay(true);
    if (idleCloseMs > 0) socket.setTimeout(idleCloseMs, () => this.#idle());
    socket.on('data', (chunk) => this.#receive(chunk));
    // A client's half-close is answered with ours; what it asked for before was written already.
    socket.on('end', () => socket.end());
    // A client that goes away is no failure of the host; 'close' follows.
    socket.on('error', () => {});
  }

  #receive(chunk: Buffer): void {
    if (this.association.closed) return;
    const answers = this.association.receive(chunk);
    if (answers.length > 0) this.#write(answers.length === 1 ? answers[0]! : Buffer.concat(answers));
    if (this.association.closed) this.#end();
  }

  /** A client that does not read its answers is not read from either. */
  #write(bytes: Uint8Array): void {
    const { socket } = this;
    if (!socket.writable || socket.write(bytes)) return;
    socket.pause();
    socket.once('drain', () => socket.resume());
  }

  #idle(): void {
    if (this.socket.writableEnded) this.socket.destroy();
    else this.#end();
  }

  #end(): void {
    this.socket.end();
    this.socket.setTimeout(LINGER_MS, () => this.socket.destroy());
  }

  /** As the death of the process: a reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  destroy(): void {
    this.socket.destroy();
  }
}
