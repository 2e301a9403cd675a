import { type PduOf, stubEncoding, type TransferSyntax } from '../../protocol';
import { type Association, type BindOptions, type CallOptions, HostFailure } from '../../harness/client';
import type { Machine } from '../../harness/jobs/suite/host/machines';
import {
  type Granted,
  granted,
  nothingFrom,
  type Reaction,
  type Reply,
  replyOf,
} from '../../harness/jobs/suite/host/reply';
import type { RequestChanges, RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { lyingStubs } from './lying-stubs';
import { offerInWords, verdictOn } from './offers';
import { patienceOf } from './tolerate';

/** How a host ended a connection, or that it did not. */
export type ConnectionEnd = 'closed' | 'reset' | 'open';

/** One connection that is kept: bound, then any number of requests. */
export class BoundConnection {
  constructor(
    private readonly driver: RequestDriver,
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
    const request = this.driver.requestOf(machine, changes);
    this.driver.lastSent = `${this.driver.describe(machine, changes, call)} on a kept connection`;
    const message = this.driver.messageOf(machine, changes);
    return this.driver.take(request, await this.#watched(() => this.association.call(message, call)));
  }

  /** As `ask`, where the host may also say nothing. */
  async attempt(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reaction> {
    if (Object.keys(changes).length + Object.keys(call).length > 0) {
      this.driver.provokes(`${this.driver.describe(machine, changes, call)} on a kept connection`);
    }
    return this.#tolerate(() => this.ask(machine, changes, { timeoutMs: patienceOf(this.driver), ...call }));
  }

  /** A request whose stub ends before its lengths say. */
  attemptShortStub(machine: Machine): Promise<Reaction> {
    const stub = lyingStubs.shorter(this.driver.messageOf(machine), stubEncoding(this.transferSyntax));
    this.driver.provokes('a stub that is an octet shorter than its lengths');
    return this.#tolerate(async () =>
      replyOf(await this.association.callStub(stub, { timeoutMs: patienceOf(this.driver) })),
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
    this.driver.lastSent = offerInWords('an alter_context', options);
    const results = await this.#watched(() => this.association.alterContext(options));
    return results.map(verdictOn);
  }

  /** As `alterContext`; null where the host answers with none, or closes. */
  async tryAlterContext(options: BindOptions): Promise<string[] | null> {
    try {
      return await this.alterContext(options);
    } catch (error) {
      if (error instanceof HostFailure && error.stage !== 'connect') return null;
      throw error;
    }
  }

  /** Half-closes, as a client that is done, and waits for the host to close. */
  async halfClose(withinMs: number): Promise<ConnectionEnd> {
    this.driver.lastSent = 'FIN after the response';
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
    return this.driver.watched(work);
  }
}
