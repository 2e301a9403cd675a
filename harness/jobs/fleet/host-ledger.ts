import { type Answer, HRESULT, type KeyGroupSetting, type KmsRequestInput } from '../../../protocol';
import type { ExchangeWindow, SeenExchange } from '../../client/exchange-window';
import { countOf, type HostReply } from '../../client/host-client';
import { HostFailure, type Stage } from '../../client';
import { isGranted } from '../../model/decide-grant';
import type { Profile } from '../../model/profile';
import { type Expectation, ExpectedCounts } from '../../model/expectation';
import type { FleetHost } from './fleet-host';
import { HOUR_MS } from '../../model/client-state';
import type { FleetMachine } from './machine';
import type { HostSummary } from './result';

/** A host that fails here may have counted the request. */
const WAS_SENT: ReadonlySet<Stage> = new Set(['request', 'answer', 'close']);

/** What one request to one host came to. */
export interface Asked {
  readonly answer: Answer;
  /** What was sent and received; undefined where the host encodes nothing. */
  readonly exchange: SeenExchange | undefined;
  readonly answered: number | null;
  /** Null where nothing was counted: the host is not to grant this product, or refused it; or so many answers were lost that any count may be right. */
  readonly expectation: Expectation | null;
  /** What is wrong with it apart from the count: a refusal of what is to be granted, or a count for what is not. */
  readonly problem: string | null;
  /** A difference proves something. */
  readonly conclusive: boolean;
}

/** One host of a running fleet: asks it, keeps the counting model beside it, and adds up what it did. */
export class HostLedger {
  readonly #model: ExpectedCounts;
  readonly #outages: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly #last = new Map<string, { answered: number; expected: number }>();
  #requests = 0;
  #failures = 0;
  #failuresInARow = 0;
  #firstFailure: string | null = null;
  #refusals = 0;
  #unjudgedRefusals = 0;
  #highest = 0;
  #capacity = 0;
  #overCapacity = 0;
  #falls = 0;
  #fallsByModel = 0;

  constructor(
    readonly host: FleetHost,
    profile: Profile,
    startMs: number,
    private readonly keyGroup: KeyGroupSetting | undefined,
    /** Keeps what goes wrong, of all hosts together. */
    readonly window: ExchangeWindow,
  ) {
    this.#model = new ExpectedCounts(profile);
    if (!host.time.exact) this.#model.timeMoved();
    this.#outages = (host.outages ?? []).map(({ fromHour, toHour }) => ({
      fromMs: startMs + fromHour * HOUR_MS,
      toMs: startMs + toHour * HOUR_MS,
    }));
  }

  /** Whether the plan has the host down at `nowMs`. */
  isDown(nowMs: number): boolean {
    return this.#outages.some(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs);
  }

  /** Requests without an answer since the last one that had one. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** Sends a machine's request; null where the host fails to answer. */
  async ask(machine: FleetMachine, request: KmsRequestInput): Promise<Asked | null> {
    const { time, asked } = this.host;
    this.#requests++;
    const atMs = time.now();
    let reply: HostReply;
    try {
      reply = await asked.activate(request);
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      this.#failures++;
      this.#failuresInARow++;
      this.#firstFailure ??= error.message;
      const isOffered = isGranted(machine.group.product, this.keyGroup ?? 'any');
      if (isOffered && WAS_SENT.has(error.stage)) this.#model.lost(machine, atMs);
      this.window.add(error, `${machine.name}: ${error.message}`, 'no answer');
      return null;
    }
    this.#failuresInARow = 0;
    return this.#judge(machine, reply, atMs);
  }

  summary(): HostSummary {
    return {
      name: this.host.asked.name,
      requests: this.#requests,
      failures: this.#failures,
      firstFailure: this.#firstFailure,
      lost: this.#failuresInARow > 0,
      refusals: this.#refusals,
      unjudgedRefusals: this.#unjudgedRefusals,
      highestCount: this.#highest,
      capacity: this.#capacity,
      overCapacity: this.#overCapacity,
      falls: this.#falls,
      fallsByModel: this.#fallsByModel,
    };
  }

  #judge(machine: FleetMachine, { answer, exchange }: HostReply, atMs: number): Asked {
    const answered = countOf(answer);
    if (answered === null) this.#refusals++;
    const { product } = machine.group;
    if (!isGranted(product, this.keyGroup ?? 'any')) {
      const problem = answered === null ? null : `yet the host's key group does not grant ${product.key}`;
      return { answer, exchange, answered, expectation: null, problem, conclusive: true };
    }
    // A request that was refused was not counted, whoever is wrong about it.
    if (answer.kind === 'refusal' || answer.kind === 'fault') {
      const conclusive = this.keyGroup !== undefined || !isNotOffered(answer);
      if (!conclusive) this.#unjudgedRefusals++;
      const problem = conclusive
        ? `and ${product.key} is to be granted`
        : `rightly if its key group does not grant ${product.key}, which is not known`;
      return { answer, exchange, answered, expectation: null, problem, conclusive };
    }
    const expectation = this.#model.granted(machine, answered, atMs);
    if (expectation === null) {
      return { answer, exchange, answered, expectation, problem: null, conclusive: false };
    }
    this.#capacity = Math.max(this.#capacity, expectation.capacity);
    if (answered !== null) this.#track(product.applicationId, answered, expectation);
    return { answer, exchange, answered, expectation, problem: null, conclusive: !expectation.onTheEdge };
  }

  #track(applicationId: string, answered: number, { count, capacity }: Expectation): void {
    this.#highest = Math.max(this.#highest, answered);
    if (answered > capacity) this.#overCapacity++;
    const last = this.#last.get(applicationId);
    if (last === undefined) {
      this.#last.set(applicationId, { answered, expected: count });
      return;
    }
    if (answered < last.answered) this.#falls++;
    if (count < last.expected) this.#fallsByModel++;
    last.answered = answered;
    last.expected = count;
  }
}

const isNotOffered = (answer: Answer): boolean =>
  answer.kind === 'refusal' && answer.hresult === HRESULT.productNotOffered;
