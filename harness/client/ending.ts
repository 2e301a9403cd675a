import type { Socket } from 'node:net';
import { ProtocolError } from '../../protocol/errors';
import type { Endpoint } from './endpoint';
import { type FailureKind, HostFailure, type Stage } from './host-failure';
import type { Inbox } from './inbox';

/** Whether a connection is over and why, and the failures of who still waits on it. */
export class Ending {
  /** How the host ended its side, null while it has not. */
  how: 'fin' | 'reset' | null = null;
  #failure: HostFailure | null = null;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly socket: Socket,
    private readonly inbox: Inbox,
  ) {}

  /** Notes why the connection failed; the first reason counts. */
  fail(failure: HostFailure): void {
    this.#failure ??= failure;
    if (this.#failure.kind === 'reset') this.how = 'reset';
  }

  /** @param afterEnd whether the host's end of stream, too, is something to wait behind */
  isOver(afterEnd: boolean): boolean {
    return this.#failure !== null || this.socket.destroyed || (this.how !== null && !afterEnd);
  }

  /** Of who wants something of a connection that is over. */
  over(stage: Stage): HostFailure {
    if (this.#failure !== null) return this.#failure.with({ stage });
    if (this.how !== 'fin') return this.givenUp(stage);
    const within = this.inbox.partial ? ` within a PDU, ${this.inbox.size} bytes into it` : '';
    return this.failure('closed', stage, `closed the connection${within}`);
  }

  givenUp(stage: Stage): HostFailure {
    return this.failure('interrupted', stage, 'was given up: this side closed the connection');
  }

  late(stage: Stage): HostFailure {
    const got = this.inbox.size === 0 ? 'sent nothing' : `sent only ${this.inbox.size} bytes of a PDU`;
    const what = stage === 'close' ? 'did not close the connection in time' : `${got} in time`;
    return this.failure('timed-out', stage, what);
  }

  /** Of an error that taking bytes out of the inbox threw. */
  unreadable(error: unknown, stage: Stage): Error {
    if (!(error instanceof ProtocolError)) return error as Error;
    return this.failure('garbage', stage, `sent bytes that are no PDU (${error.message})`, error);
  }

  failure(kind: FailureKind, stage: Stage, what: string, cause?: unknown): HostFailure {
    const details = cause instanceof ProtocolError ? { details: cause, cause } : {};
    return new HostFailure({ kind, stage, what, endpoint: this.endpoint, ...details });
  }
}
