import { encodeRequest, type Exchange, type KmsRequestInput } from '../../../protocol';
import {
  type CallOptions,
  type ConnectionObserver,
  HostFailure,
  type KmsClient,
  type KmsSession,
} from '../../client';
import type { CountedRequest } from '../../model/counting-model';
import type { Random } from '../../random';
import type { Liveness } from './liveness';
import { client, type Machine } from './machines';
import { type Granted, granted, nothingFrom, type Reaction, type Reply, replyOf } from './reply';
import type { Session } from '../session';
import { Deviation } from '../verdict';

/** Requests that `activateTogether` and `activateAll` have under way at once. */
const TOGETHER = 64;
const AT_ONCE = 16;
const PATIENCE_MS = 1000;

export type RequestChanges = Partial<KmsRequestInput>;

/**
 * Machines ask, the host answers counts. Every request goes over a connection of its own, as real
 * clients send it, unless the scenario talks on one (`converse`). What was granted is kept in the run's ledger.
 */
export class Asker {
  readonly client: KmsClient;
  /** The last request in words, for messages. */
  lastSent = 'nothing';
  readonly #names = new WeakMap<Machine, string>();
  readonly #named = new Map<string, number>();
  #count = 0;

  constructor(
    readonly session: Session,
    readonly random: Random,
    private readonly liveness: Liveness,
    observer: ConnectionObserver,
    signal: AbortSignal,
  ) {
    this.client = session.client(observer, signal);
  }

  /** How long a reaction to something that need not be answered is waited for, in ms. */
  get patienceMs(): number {
    return Math.min(PATIENCE_MS, this.session.options.timeoutMs);
  }

  /** The Count that the host answered last, or was found with when the scenario began. */
  get count(): number {
    return this.#count;
  }

  /** True where the host is known to hold nothing. */
  get knownEmpty(): boolean {
    const { applicationId } = this.session.productOf(this.session.regular);
    return this.session.ledger.counts(applicationId)?.has(0) === true;
  }

  set count(count: number) {
    this.#count = count;
  }

  /** A machine asks for activation, or asks again. @throws Deviation where the host does not grant it */
  async activate(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Granted> {
    return granted(await this.ask(machine, changes, call));
  }

  /** As `activate`, where the host may refuse. @throws HostFailure where nothing answers */
  async ask(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reply> {
    const request = this.requestOf(machine, changes);
    this.lastSent = `a request of ${this.nameOf(machine)} (${describeRequest(request)})`;
    return this.take(request, await this.watched(() => this.client.activate(request, call)));
  }

  /** As `ask`, where the host may also say nothing; it is not waited for as long as for a good answer. */
  attempt(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reaction> {
    const request = this.requestOf(machine, changes);
    return this.tolerate(request, () => this.ask(machine, changes, { timeoutMs: this.patienceMs, ...call }));
  }

  /** Sends any bytes as the message of a machine's request. */
  attemptMessage(machine: Machine, message: Uint8Array, what: string): Promise<Reaction> {
    const request = this.requestOf(machine, {});
    this.lastSent = what;
    return this.tolerate(request, async () =>
      this.take(request, await this.client.activate(message, { timeoutMs: this.patienceMs })),
    );
  }

  /** A request that was cut short from outside may have been granted all the same. */
  protected async tolerate(request: KmsRequestInput, work: () => Promise<Reply>): Promise<Reaction> {
    try {
      return await work();
    } catch (error) {
      const nothing = nothingFrom(error);
      if (nothing.failure.stage === 'connect') throw error;
      if (nothing.failure.kind !== 'closed') this.session.ledger.maybe(countedOf(request));
      return nothing;
    }
  }

  /** Machines ask one after the other; their answers in that order. */
  async activateEach(machines: readonly Machine[]): Promise<Granted[]> {
    const answers: Granted[] = [];
    for (const machine of machines) answers.push(await this.activate(machine));
    return answers;
  }

  /** Machines ask at the same time, all connections open before the first request; answers in the order of the machines. */
  async activateTogether(machines: readonly Machine[]): Promise<Granted[]> {
    if (machines.length > TOGETHER) throw new RangeError(`at most ${TOGETHER} machines ask together`);
    const sessions = await Promise.all(machines.map(() => this.watched(() => this.client.session())));
    const requests = machines.map((machine) => this.requestOf(machine, {}));
    this.lastSent = `requests of ${machines.length} machines at the same time`;
    const exchanges = await Promise.all(
      sessions.map((session, i) => this.watched(() => session.activate(requests[i]!))),
    );
    await Promise.all(sessions.map((session) => session.close()));
    return this.#takeUnordered(requests, exchanges);
  }

  /** Machines ask in any order, some at a time, over connections that are kept where the host keeps them. */
  async activateAll(machines: readonly Machine[]): Promise<Granted[]> {
    const requests = machines.map((machine) => this.requestOf(machine, {}));
    const exchanges = new Array<Exchange>(requests.length);
    let next = 0;
    const work = async (): Promise<void> => {
      let kept: KmsSession | null = null;
      for (let i = next++; i < requests.length; i = next++) {
        this.lastSent = `requests of ${machines.length} machines, of which this is number ${i + 1}`;
        kept ??= await this.watched(() => this.client.session());
        const exchange = await this.#askOn(kept, requests[i]!);
        exchanges[i] = exchange ?? (await this.watched(() => this.client.activate(requests[i]!)));
        if (exchange === null) kept = null;
      }
      await kept?.close();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return this.#takeUnordered(requests, exchanges);
  }

  /** Asks on a kept connection; null where the host has closed it, as it may after an answer. */
  async #askOn(kept: KmsSession, request: KmsRequestInput): Promise<Exchange | null> {
    try {
      return await this.watched(() => kept.activate(request));
    } catch (error) {
      if (error instanceof HostFailure && error.kind === 'closed') return null;
      throw error;
    }
  }

  /** A client that the host has seen asks again. */
  renew(machine: Machine): Promise<Granted> {
    return this.activate(machine);
  }

  /** New machines ask until the host counts so many. */
  async fillUpTo(count: number, make: () => Machine = client): Promise<Machine[]> {
    const machines: Machine[] = [];
    while (this.count < count) {
      const before = this.count;
      const machine = make();
      machines.push(machine);
      await this.activate(machine);
      if (this.count <= before) {
        throw new Deviation(
          `expected a new machine to raise the count ${before}, received ${this.count}`,
          `${before + 1}`,
          `${this.count}`,
        );
      }
    }
    return machines;
  }

  /** The message of a machine's request, for scenarios that send its bytes. */
  messageOf(machine: Machine, changes: RequestChanges = {}): Uint8Array {
    return encodeRequest(this.requestOf(machine, changes), this.session.options.target.mac);
  }

  requestOf(machine: Machine, changes: RequestChanges): KmsRequestInput {
    const random = machine === this.session.regular ? this.session.random('regular') : this.random;
    const request = this.session.requestOf(machine, random);
    return Object.keys(changes).length === 0 ? request : { ...request, ...changes };
  }

  /** Notes what came to a request. */
  take(request: KmsRequestInput, exchange: Exchange): Reply {
    const reply = replyOf(exchange);
    if (reply.kind !== 'granted') return reply;
    this.session.ledger.granted(countedOf(request), reply.count);
    if (request.applicationId === this.session.productOf(this.session.regular).applicationId) {
      this.#count = reply.count;
    }
    return reply;
  }

  /** The order in which a host counted requests that came together shows in their counts. */
  #takeUnordered(requests: readonly KmsRequestInput[], exchanges: readonly Exchange[]): Granted[] {
    const answers = exchanges.map((exchange) => granted(replyOf(exchange)));
    const order = answers
      .map((_, i) => i)
      .sort((a, b) => answers[a]!.count - answers[b]!.count || answeredFirst(exchanges[a]!, exchanges[b]!));
    for (const i of order) this.take(requests[i]!, exchanges[i]!);
    return answers;
  }

  /** Waits for the host, with an eye on whether it is alive at all. */
  watched<T>(work: () => Promise<T>): Promise<T> {
    return this.liveness.watch(work);
  }

  nameOf(machine: Machine): string {
    let name = this.#names.get(machine);
    if (name === undefined) {
      const kind = `${machine.virtual ? 'virtual ' : ''}${machine.kind === 'any' ? 'machine' : machine.kind}`;
      const number = (this.#named.get(kind) ?? 0) + 1;
      this.#named.set(kind, number);
      name = machine === this.session.regular ? "the run's own client" : `${kind} ${number}`;
      this.#names.set(machine, name);
    }
    return name;
  }
}

const answeredFirst = (a: Exchange, b: Exchange): number => (a.answeredAt! < b.answeredAt! ? -1 : 1);

/** What of a request bears on the count. */
export function countedOf(request: KmsRequestInput): CountedRequest {
  const { applicationId, clientMachineId, requiredClientCount, isVirtualMachine } = request;
  return {
    applicationId,
    clientMachineId,
    requiredClientCount,
    isVirtualMachine: isVirtualMachine !== 0,
  };
}

function describeRequest({ clientMachineId, requiredClientCount }: KmsRequestInput): string {
  return `CMID ${clientMachineId}, N_Policy ${requiredClientCount}`;
}
