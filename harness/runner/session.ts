import { type KmsRequestInput, NIL_GUID, type Product, product } from '../../protocol';
import { type ConnectionObserver, type KmsClient, machineRequest } from '../client';
import { dnsLookup } from '../discovery';
import { ask } from '../probe/ask';
import { Random } from '../random';
import { isLoopbackAddress, type Target } from '../target';
import { DomainSurvey } from './host/domain-survey';
import { Ledger } from './host/ledger';
import { type Machine, machine, type MachineKind } from './host/machines';
import { candidatesFor } from './host/product-choice';
import { inconclusive } from './verdict';

export interface Budgets {
  readonly p99Ms?: number | undefined;
  readonly rate?: number | undefined;
  readonly idleCloseSeconds?: number | undefined;
}

/** Minutes that the host was told to answer, where they are not the usual ones. */
export interface Intervals {
  readonly activationMinutes?: number | undefined;
  readonly renewalMinutes?: number | undefined;
}

/** What a run knows of its target from the configuration. */
export interface SessionOptions {
  readonly target: Target;
  /** For each answer. */
  readonly timeoutMs: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** The host is known to grant products that it does not know. */
  readonly grantsAny?: boolean | undefined;
  readonly domains?: readonly string[] | undefined;
  /** Names or addresses of the hosts that the domains should publish. */
  readonly expectedHosts?: readonly string[] | undefined;
  /** DNS server to ask; the system's without it. */
  readonly dns?: string | undefined;
  /** Hosts of the domains that are not this machine may be asked too. */
  readonly allowRemote?: boolean | undefined;
  readonly budgets?: Budgets | undefined;
  readonly intervals?: Intervals | undefined;
  /** Hears all that is sent and received, such as the writer of `--pcap`. */
  readonly observer?: ConnectionObserver | undefined;
}

const KINDS: readonly MachineKind[] = ['client', 'server', 'office'];
const WORDS: Readonly<Record<MachineKind | 'any', string>> = {
  client: 'client operating system',
  server: 'server operating system',
  office: 'Office',
  any: 'product that this program knows',
};

/** What the scenarios of one run share: the target, its clock, and what is known of its count. */
export class Session {
  readonly ledger: Ledger;
  /** The machine that the run opens and ends with, and whose renewals tell the count. */
  readonly regular: Machine = machine();
  /** The Count of the first answer of the run; null until there is one. */
  openingCount: number | null = null;
  /** Why no request of this run can be granted; null while one may. */
  grantsNothing: string | null = null;
  /** Why a reset that is configured empties nothing; null while it is trusted. */
  resetProblem: string | null = null;
  /** True once a restart was seen to empty the host. */
  restartEmpties = false;
  #aheadMs = 0;
  #domains: DomainSurvey | undefined;
  readonly #products = new Map<MachineKind, Product | null>();
  readonly #identities = new WeakMap<Machine, KmsRequestInput>();
  #random: Random;

  constructor(readonly options: SessionOptions) {
    this.ledger = new Ledger(options.target.profile, () => this.now());
    const { reset } = options.target.controls;
    this.#random = reset === undefined ? this.#newMachines() : new Random(options.seed).fork('machines');
  }

  /** Where the host keeps what it counts, a run that is repeated with its seed must not bring machines that it knows. */
  #newMachines(): Random {
    return new Random(this.options.seed).fork(`at ${Date.now()}`);
  }

  /** Takes the host for one that cannot be reset. */
  distrustReset(problem: string): void {
    this.resetProblem = problem;
    this.#random = this.#newMachines();
  }

  /** The host's clock, as far as this run set it: ms since 1970. */
  now(): number {
    return this.options.target.clock.now() + this.#aheadMs;
  }

  /** The configured domains; looked up and asked when a scenario wants to know. */
  get domains(): DomainSurvey {
    const {
      target,
      domains = [],
      expectedHosts = null,
      dns,
      allowRemote = false,
      timeoutMs,
      signal,
    } = this.options;
    return (this.#domains ??= new DomainSurvey({
      domains: domains.map((domain) => domain.replace(/^\.|\.$/g, '')),
      expected: expectedHosts,
      lookup: dnsLookup({ server: dns }),
      profile: target.profile,
      random: this.random('domains'),
      mayAsk: (address) => allowRemote || isLoopbackAddress(address),
      ask: (endpoint, clientMachineId) =>
        ask({ endpoint, clientMachineId, clock: target.clock, timeoutMs, sign: target.mac, signal }),
    }));
  }

  /** Sets the host's clock forward. */
  async advanceClock(seconds: number): Promise<void> {
    await this.options.target.controls.advanceClock!(seconds);
    this.#aheadMs += seconds * 1000;
  }

  random(label: string): Random {
    return this.#random.fork(label);
  }

  /** The request that this machine sends; `random` draws its identity when it first asks. */
  requestOf(machine: Machine, random: Random): KmsRequestInput {
    let request = this.#identities.get(machine);
    if (request === undefined) {
      request = machineRequest({
        product: this.productOf(machine),
        random,
        clock: { now: () => this.now() },
        virtual: machine.virtual,
        fields: { previousClientMachineId: NIL_GUID, ...machine.fields },
      });
      this.#identities.set(machine, request);
    }
    return request;
  }

  /** @throws Inconclusive where the host grants no product of that kind */
  productOf(machine: Machine): Product {
    if (this.grantsNothing !== null) inconclusive(this.grantsNothing);
    if (machine.product !== undefined) return product(machine.product);
    const kinds = machine.kind === 'any' ? KINDS : [machine.kind];
    const granted = kinds.map((kind) => this.#grantedOf(kind)).find((one) => one !== undefined);
    return granted ?? inconclusive(`the host's key grants no ${WORDS[machine.kind]}`);
  }

  /** Whether the host grants that kind of machine, as far as is known. */
  grants(kind: MachineKind): boolean {
    return this.#grantedOf(kind) !== undefined;
  }

  #grantedOf(kind: MachineKind): Product | undefined {
    const chosen = this.#products.get(kind);
    if (chosen === null) return undefined;
    return chosen ?? candidatesFor(kind, this.options.target.keyGroup)[0];
  }

  /** Takes a product for a kind of machine; null where the host grants none. The run's own client asks for what is granted then. */
  chooseProduct(kind: MachineKind, chosen: Product | null): void {
    this.#products.set(kind, chosen);
    this.#identities.delete(this.regular);
  }

  /** A client whose connections scenario `signal` ends and `observer` hears. */
  client(observer: ConnectionObserver, signal: AbortSignal): KmsClient {
    const { target, timeoutMs } = this.options;
    return target.client({ timeoutMs, observer, signal, clock: { now: () => this.now() } });
  }
}
