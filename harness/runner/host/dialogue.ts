import { type PduOf, stubEncoding, type TransferSyntax } from '../../../protocol';
import { type Association, type BindOptions, type CallOptions, HostFailure } from '../../client';
import type { Asker, RequestChanges } from './asker';
import type { Machine } from './machines';
import { verdictOn } from './offers';
import { type Granted, granted, nothingFrom, type Reaction, type Reply, replyOf } from './reply';
import { lyingStubs } from './lying-stubs';

/** How a host ended a connection, or that it did not. */
export type ConnectionEnd = 'closed' | 'reset' | 'open';

/** One connection that is kept: bound, then any number of requests. */
export class Dialogue {
  constructor(
    private readonly host: Asker,
    readonly association: Association,
  ) {}

  /** What the host made of each context that was offered. */
  get verdicts(): string[] {
    return this.association.results.map(verdictOn);
  }

  get bindAck(): PduOf<'bindAck'> {
    return this.association.bindAck;
  }

  get transferSyntax(): TransferSyntax {
    return this.association.transferSyntax;
  }

  get accepts(): boolean {
    return this.association.accepted !== null;
  }

  async activate(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Granted> {
    return granted(await this.ask(machine, changes, call));
  }

  async ask(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reply> {
    const request = this.host.requestOf(machine, changes);
    this.host.lastSent = `a request of ${this.host.nameOf(machine)} on a kept connection (CMID ${request.clientMachineId})`;
    const message = this.host.messageOf(machine, changes);
    return this.host.take(request, await this.#watched(() => this.association.call(message, call)));
  }

  /** As `ask`, where the host may also say nothing. */
  async attempt(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reaction> {
    return this.#tolerate(() => this.ask(machine, changes, { timeoutMs: this.host.patienceMs, ...call }));
  }

  /** A request whose stub ends before its lengths say. */
  attemptShortStub(machine: Machine): Promise<Reaction> {
    const stub = lyingStubs.shorter(this.host.messageOf(machine), stubEncoding(this.transferSyntax));
    this.host.lastSent = 'a stub that is shorter than its lengths';
    return this.#tolerate(async () =>
      replyOf(await this.association.callStub(stub, { timeoutMs: this.host.patienceMs })),
    );
  }

  async #tolerate(work: () => Promise<Reply>): Promise<Reaction> {
    try {
      return await work();
    } catch (error) {
      return nothingFrom(error);
    }
  }

  /** Offers NDR32 again in a further context. @returns what the host makes of it */
  async alterContext(options: BindOptions): Promise<string[]> {
    this.host.lastSent = 'an alter_context';
    const results = await this.#watched(() => this.association.alterContext(options));
    return results.map(verdictOn);
  }

  /** Half-closes, as a client that is done, and waits for the host to close. */
  async halfClose(withinMs: number): Promise<ConnectionEnd> {
    this.host.lastSent = 'FIN after the response';
    this.association.connection.end();
    return this.end(withinMs);
  }

  /** Waits for the host to close. */
  async end(withinMs: number): Promise<ConnectionEnd> {
    try {
      const how = await this.association.connection.waitForClose(withinMs);
      return how === 'fin' ? 'closed' : 'reset';
    } catch (error) {
      if (error instanceof HostFailure && error.kind === 'timed-out') return 'open';
      if (error instanceof HostFailure && error.kind === 'reset') return 'reset';
      throw error;
    }
  }

  close(): Promise<void> {
    return this.association.connection.close();
  }

  #watched<T>(work: () => Promise<T>): Promise<T> {
    return this.host.watched(work);
  }
}
