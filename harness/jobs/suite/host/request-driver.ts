import { encodeRequest, type Exchange, type KmsRequestInput } from '../../../../protocol';
import { type CallOptions, type ConnectionObserver, HostFailure, type KmsClient } from '../../../client';
import { EvidenceRecorder } from '../../../client/evidence';
import { observers } from '../../../client/observers';
import { countedRequest } from '../../../model/counting-model';
import type { Random } from '../../../support/random';
import type { Liveness } from './liveness';
import type { Machine } from './machines';
import { type Granted, granted, type Reply, replyOf } from './reply';
import type { Session } from '../session';
import { variedInWords } from '../wording/request';

export type RequestChanges = Partial<KmsRequestInput>;

/** What was sent last, in words, and the last provocation. */
interface Sent {
  readonly last: string;
  readonly provocation: string | null;
}

/**
 * Sends the requests of machines for one scenario, or for the run itself, and keeps what was granted in the run's possible
 * states. It judges nothing.
 */
export class RequestDriver {
  readonly client: KmsClient;
  #sent: Sent = { last: 'nothing', provocation: null };
  #sentBefore = this.#sent;
  /** The Count that the host answered last, or was found with when the scenario began. */
  count = 0;
  /** The counts that would have been right where that of the last answer was not; null where it was. */
  lastRight: ReadonlySet<number> | null = null;
  readonly #names = new WeakMap<Machine, string>();
  readonly #named = new Map<string, number>();

  constructor(
    readonly session: Session,
    readonly random: Random,
    private readonly liveness: Liveness,
    /** Hears all that goes over its connections. */
    readonly heard: EvidenceRecorder,
    private readonly signal: AbortSignal,
    /** Hears them too, those of companions among them. */
    private readonly observer?: ConnectionObserver,
  ) {
    const heardBy = observers(heard, session.faults, session.options.observer, observer);
    this.client = session.client(heardBy, signal);
  }

  /** One for machines that are not its scenario's alone, with evidence of their own. The caller closes its client. */
  companion(label: string): RequestDriver {
    const { session, liveness, signal, observer } = this;
    const random = session.random(label);
    return new RequestDriver(session, random, liveness, new EvidenceRecorder(), signal, observer);
  }

  /** The last thing that was sent, in words, for messages; behind the last provocation, where there was one before it. */
  get lastSent(): string {
    const { last, provocation } = this.#sent;
    return provocation === null || provocation === last ? last : `${provocation}, then ${last}`;
  }

  set lastSent(what: string) {
    this.#note({ ...this.#sent, last: what });
  }

  /** Something goes out that a host need not answer, and that may be why it fails later. */
  provokes(what: string): void {
    this.#note({ last: what, provocation: what });
  }

  #note(sent: Sent): void {
    if (sent.last === this.#sent.last) return;
    this.#sentBefore = this.#sent;
    this.#sent = sent;
  }

  /** What was to go out did not, since the host takes no connection: it fell to what came before. */
  notSent(): void {
    this.#sent = this.#sentBefore;
  }

  /** A machine asks for activation, or asks again. @throws NotGranted where the host does not grant it; HostFailure */
  async activate(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Granted> {
    return granted(await this.ask(machine, changes, call));
  }

  /** As `activate`, where the host may refuse. @throws HostFailure where nothing answers */
  async ask(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): Promise<Reply> {
    const request = this.requestOf(machine, changes);
    this.lastSent = this.describe(machine, changes, call);
    return this.take(request, await this.watched(() => this.client.activate(request, call)));
  }

  /** A machine's request in words: whose it is, and what of it and of its call this step varied. */
  describe(machine: Machine, changes: RequestChanges = {}, call: CallOptions = {}): string {
    const { clientMachineId, requiredClientCount } = this.requestOf(machine, changes);
    const varied = variedInWords({ ...machine.fields, ...changes }, call);
    const said = varied === '' ? '' : ` with ${varied}`;
    const policy = varied.includes('requiredClientCount') ? '' : `, N_Policy ${requiredClientCount}`;
    return `a request of ${this.nameOf(machine)}${said} (CMID ${clientMachineId}${policy})`;
  }

  /** The message of a machine's request, for scenarios that send its bytes. */
  messageOf(machine: Machine, changes: RequestChanges = {}): Uint8Array {
    return encodeRequest(this.requestOf(machine, changes), this.session.options.target.mac);
  }

  requestOf(machine: Machine, changes: RequestChanges): KmsRequestInput {
    const random = machine === this.session.regular ? this.session.random('regular') : this.random;
    const known = this.session.requestOf(machine, random);
    const request = Object.keys(changes).length === 0 ? known : { ...known, ...changes };
    this.session.counts.asking(request.requiredClientCount);
    return request;
  }

  /** Notes what came to a request. */
  take(request: KmsRequestInput, exchange: Exchange): Reply {
    const reply = this.takeUnordered(exchange);
    if (reply.kind !== 'granted') return reply;
    this.lastRight = this.session.possibleStates.granted(countedRequest(request), reply.count);
    if (this.#bearsOnCount(request)) this.count = reply.count;
    return reply;
  }

  /** Notes what came to one of many requests whose order nobody looks at: the run's possible states, which were forgotten, do not hear of it. */
  takeUnordered(exchange: Exchange): Reply {
    const reply = replyOf(exchange);
    this.session.pace.saw(reply.latencyMs, reply.kind === 'granted');
    this.lastRight = null;
    if (reply.kind === 'granted') this.noteCount(reply.count);
    return reply;
  }

  /** Notes what came to requests that were under way at the same time, all of them granted: their order is not known. */
  takeTogether(requests: readonly KmsRequestInput[], answers: readonly Granted[]): void {
    const grants = requests.map((request, i) => ({
      request: countedRequest(request),
      count: answers[i]!.count,
    }));
    this.session.possibleStates.grantedTogether(grants);
    for (const { count } of answers) this.noteCount(count);
    const counts = answers.filter((_, i) => this.#bearsOnCount(requests[i]!)).map(({ count }) => count);
    if (counts.length > 0) this.count = Math.max(...counts);
  }

  /** Holds an answer's count against what all requests of the run make room for. */
  noteCount(count: number): void {
    this.session.counts.answered(count, this.lastSent, () => this.heard.evidence());
  }

  #bearsOnCount({ applicationId }: KmsRequestInput): boolean {
    return applicationId === this.session.productOf(this.session.regular).applicationId;
  }

  /** Whether the host granted it is not known. */
  takeUncertain(request: KmsRequestInput): void {
    this.session.possibleStates.recordUncertain(countedRequest(request));
  }

  /** Waits for the host, with an eye on whether it is alive at all. */
  async watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.liveness.watch(work);
    } catch (error) {
      if (error instanceof HostFailure && error.stage === 'connect') this.notSent();
      throw error;
    }
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
