import { type KmsRequestInput, NIL_GUID, type Product, product } from '../../../protocol';
import { type ConnectionObserver, type KmsClient } from '../../client';
import { machineRequest } from '../../model/machine-request';
import { LocalLimits } from '../../support/local-limits';
import { Random } from '../../support/random';
import type { Target } from '../../target';
import { RunStates } from './run-states';
import { type Machine, machine, type MachineKind, server } from './host/machines';
import { candidatesFor } from './host/product-choice';
import { Pace } from './pace';
import { CountWatch } from './count-watch';
import { FaultWatch } from './fault-watch';
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
  readonly expectedHosts?: readonly (string | { host: string; domain: string })[] | undefined;
  /** What published hosts are asked with; one of this machine's without it. */
  readonly probeClientMachineId?: string | undefined;
  /** DNS server to ask; the system's without it. */
  readonly dns?: string | undefined;
  /** Hosts of the domains that are not this machine may be asked too. */
  readonly allowRemote?: boolean | undefined;
  readonly budgets?: Budgets | undefined;
  readonly intervals?: Intervals | undefined;
  /** Hears all that is sent and received, such as the writer of `--pcap`. */
  readonly observer?: ConnectionObserver | undefined;
  /** Hears the connections of one scenario alone, each time that it is tried, and not those of the run beside it. */
  readonly scenarioObserver?: ((id: string) => ConnectionObserver | undefined) | undefined;
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
  readonly possibleStates: RunStates;
  /** How long the host takes. */
  readonly pace: Pace;
  /** The machine that the run opens and ends with, and whose renewals tell the count. */
  readonly regular: Machine = machine();
  /** The machine that opens a run which looks at a host's first life. */
  readonly firstServer: Machine = server();
  /** The Count of the first answer of the run; null until there is one. */
  openingCount: number | null = null;
  /** The host cannot be emptied, and the run's first machine, a server, was its first of all: see `PLACES`. */
  onJourney = false;
  /** What this machine runs out of while the suite runs. */
  readonly limits = new LocalLimits();
  /** Every count of the run. */
  readonly counts = new CountWatch();
  /** Every fault PDU of the run. */
  readonly faults = new FaultWatch();
  /** The count was seen to move while nobody of this run asked. */
  othersAsk = false;
  /** Why the journey ended before its end; null where it did not. */
  journeyProblem: string | null = null;
  /** When a watch that took its time saw the count stand still, as performance.now(); null where there was none. */
  stoodStillAt: number | null = null;
  /** Requests that the run sent beside its scenarios, to see whether the host is alive. */
  requestsBeside = 0;
  /** Why no request of this run can be granted; null while one may. */
  grantsNothing: string | null = null;
  /** Why a reset that is configured empties nothing; null while it is trusted. */
  resetProblem: string | null = null;
  /** True once a restart was seen to empty the host. */
  restartEmpties = false;
  #aheadMs = 0;
  readonly #products = new Map<MachineKind, Product | null>();
  readonly #identities = new WeakMap<Machine, KmsRequestInput>();
  #random: Random;

  constructor(readonly options: SessionOptions) {
    this.pace = new Pace(options.timeoutMs);
    this.possibleStates = new RunStates(options.target.profile, () => this.now());
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

  /** Sets the host's clock forward. */
  async advanceClock(seconds: number): Promise<void> {
    await this.pace.control('advanceClock', () => this.options.target.controls.advanceClock!(seconds));
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

  /** The count moves while nobody of this run asks: what of a new host was to be seen cannot be seen any more. @returns why */
  sawOthers(): string {
    const why = 'the count moves without this run: others use the host';
    this.othersAsk = true;
    this.leaveJourney(why);
    return why;
  }

  /**
   * What the host holds is not known from here on.
   * @param why what cannot be seen of a new host any more, where that is so
   */
  leaveJourney(why: string | null = null): void {
    if (!this.onJourney) return;
    this.onJourney = false;
    this.journeyProblem = why;
    this.possibleStates.forget();
  }

  /** Whether it was seen, or is known, which product of that kind the host grants. */
  hasChosen(kind: MachineKind): boolean {
    return this.#products.has(kind);
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
