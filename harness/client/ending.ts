import type { Socket } from 'node:net';
import { ProtocolError, undecodableInWords } from '../../protocol/errors';
import type { Endpoint } from './endpoint';
import { type FailureKind, HostFailure, type Stage } from './host-failure';
import type { Inbox } from './inbox';

/** What did not come, by what was waited for. */
const AWAITED: Readonly<Record<Stage, string>> = {
  connect: 'nothing',
  bind: 'no reply to the bind',
  'alter-context': 'no reply to the alter_context',
  request: 'no answer to the request',
  answer: 'no answer to the request',
  close: 'no FIN',
};

/** `500 ms`, `15 s`: as it was asked for, whatever a timer made of it. */
function waitInWords(ms: number): string {
  const rounded = Number(ms.toPrecision(2));
  return rounded < 1000 ? `${rounded} ms` : `${rounded / 1000} s`;
}

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
    const partialBytes = this.inbox.partial ? this.inbox.size : 0;
    if (this.#failure !== null) return this.#failure.with({ stage, partialBytes });
    if (this.how !== 'fin') return this.givenUp(stage);
    const within = this.inbox.partial ? ` within a PDU, ${this.inbox.size} bytes into it` : '';
    return this.failure('closed', stage, `closed the connection${within}`).with({ partialBytes });
  }

  givenUp(stage: Stage): HostFailure {
    return this.failure('interrupted', stage, 'was given up: this side closed the connection');
  }

  /** @param waitedMs how long was waited for it */
  late(stage: Stage, waitedMs: number): HostFailure {
    const within = `within ${waitInWords(waitedMs)}`;
    if (stage === 'close') return this.#late(stage, `did not close the connection ${within}`);
    const { size } = this.inbox;
    if (size > 0) return this.#late(stage, `sent ${size} octets of a PDU and not the rest of it ${within}`);
    return this.#late(stage, `sent ${AWAITED[stage]} ${within}`);
  }

  #late(stage: Stage, what: string): HostFailure {
    return new HostFailure({ kind: 'timed-out', stage, what, endpoint: this.endpoint, saysWhen: true });
  }

  /** Of an error that taking bytes out of the inbox threw. */
  unreadable(error: unknown, stage: Stage): Error {
    if (!(error instanceof ProtocolError)) return error as Error;
    return this.failure('garbage', stage, `sent bytes that are no PDU (${undecodableInWords(error)})`, error);
  }

  failure(kind: FailureKind, stage: Stage, what: string, cause?: unknown): HostFailure {
    const details = cause instanceof ProtocolError ? { details: cause, cause } : {};
    return new HostFailure({ kind, stage, what, endpoint: this.endpoint, ...details });
  }
}
