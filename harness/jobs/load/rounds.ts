import { performance } from 'node:perf_hooks';
import type { Exchange, KmsRequestInput, ProductKey } from '../../../protocol';
import type { JobOutcome } from '../../../reports/results/job-outcome';
import { type KmsClient, KeptConnection, HostFailure } from '../../client';
import { ExchangeWindow } from '../../client/exchange-window';
import type { HistoryControl } from '../../model/history/history';
import { HistoryChecker, type HistoryFailure } from '../../model/history/history-checker';
import { failureMessage } from '../../model/history/history-words';
import { machineRequest } from '../../model/machine-request';
import { Random } from '../../support/random';
import { UsageError } from '../../support/usage-error';
import type { Target } from '../../target';
import type { PreparedTarget } from '../../target/initial-state';
import { historyVerdict } from './history-verdict';
import { sharedNowMs } from './load-history';

/** Rounds of requests that overlap, each from an empty cache to a full one. */
export interface RoundsPlan {
  /** No round begins after this time. */
  readonly durationMs: number;
  readonly seed: number;
  /** Requests at the same time, at most. */
  readonly connections: number;
}

const DAY_SECONDS = 86_400;
const TITLE = 'answers rounds of overlapping requests as some order of them would be answered';

/**
 * Asks a host in rounds, each from a reset: servers fill the cache of ten and overflow it, renew at once and give way to others; a client makes room, and
 * whoever may be left is asked for; clients, some of them twice at once, fill the cache of fifty and beyond; where the clock can be set, all expires
 * while they renew. Every answer of a round must have an order (result ORDER); the first round that has none ends it.
 * @throws UsageError where the target cannot be reset
 */
export async function runRounds(
  plan: RoundsPlan,
  { target, observer }: PreparedTarget,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<JobOutcome> {
  if (target.controls.reset === undefined) {
    throw new UsageError(
      'load --rounds begins each round with a reset: give the target one (controls.reset in kmsspec.yaml)',
    );
  }
  const checker = new HistoryChecker({ profile: target.profile, start: 'found' });
  const window = new ExchangeWindow();
  const client = target.client({ observer, signal });
  const endsAtMs = performance.now() + plan.durationMs;
  let rounds = 0;
  try {
    do {
      const random = new Random(plan.seed).fork(`round ${rounds++}`);
      const round = new Round(target, client, checker, random, plan.connections);
      await round.play();
      checker.passed(sharedNowMs());
      for (const failure of checker.failures.slice(0, 1)) showFailure(failure, round.exchanges, window);
    } while (performance.now() < endsAtMs && checker.failures.length === 0 && !signal.aborted);
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    checker.finish();
    const how = signal.aborted ? 'interrupted' : checker.judged === 0 ? 'target-unreachable' : 'target-died';
    return {
      results: [historyVerdict(checker, TITLE)],
      sections: {},
      ended: { how, message: error.message, failure: error },
    };
  } finally {
    await client.close();
  }
  checker.finish();
  const verdict = historyVerdict(checker, `${TITLE}: ${rounds} rounds`);
  const evidence = checker.failures.length === 0 ? [] : window.evidence();
  return {
    results: [evidence.length === 0 ? verdict : { ...verdict, evidence }],
    sections: {},
    ended: signal.aborted ? { how: 'interrupted', message: `after ${rounds} rounds` } : undefined,
  };
}

/** The exchange with which there is no order any more, and those before it, become evidence. */
function showFailure(failure: HistoryFailure, exchanges: readonly Exchange[], window: ExchangeWindow): void {
  const { clientMachineId, count } = failure.request;
  const isIt = ({ answer }: Exchange): boolean =>
    answer?.kind === 'response' &&
    answer.value.clientMachineId === clientMachineId &&
    answer.value.currentClientCount === count;
  for (const exchange of exchanges) {
    if (isIt(exchange)) window.add(exchange, failureMessage(failure), 'no order');
    else window.add(exchange);
  }
}

/** One round. */
class Round {
  readonly exchanges: Exchange[] = [];
  readonly #lines: KeptConnection[];

  constructor(
    private readonly target: Target,
    client: KmsClient,
    private readonly checker: HistoryChecker,
    private readonly random: Random,
    connections: number,
  ) {
    this.#lines = Array.from({ length: connections }, () => new KeptConnection(client));
  }

  async play(): Promise<void> {
    await this.#control('reset', 0, this.target.controls.reset!);
    try {
      await this.#servers();
      const clients = await this.#clients();
      const { advanceClock } = this.target.controls;
      if (advanceClock !== undefined) await this.#expiry(clients, advanceClock);
    } finally {
      await Promise.all(this.#lines.map((line) => line.close()));
    }
  }

  /** The cache of ten: filled, renewed at once, overflown, and looked into once it has grown. */
  async #servers(): Promise<void> {
    const [early, late, newest] = [
      this.#machines('r2-b', 5),
      this.#machines('r2-b', 5),
      this.#machines('r2-b', 5),
    ];
    await this.#inTurn([...early, ...late]);
    await this.#together([...early]);
    await this.#inTurn(newest.slice(0, 3));
    await this.#together([...newest.slice(3), ...early.slice(0, 2)]);
    await this.#inTurn(this.#machines('win7', 1));
    await this.#inTurn(this.random.shuffle([...early, ...newest, ...late]));
  }

  /** The cache of fifty: known and new ones at once, one of them twice, until it is full and beyond. */
  async #clients(): Promise<KmsRequestInput[]> {
    const [known, strangers] = [this.#machines('win7', 4), this.#machines('win7', 8)];
    await this.#inTurn(known);
    await this.#together([...known, ...strangers, this.random.pick(strangers), this.random.pick(strangers)]);
    await this.#inTurn(this.random.shuffle([...known, ...strangers]));
    await this.#together(this.#machines('win7', 24));
    await this.#together([...this.#machines('win7', 8), ...known]);
    await this.#inTurn(known);
    return known;
  }

  async #expiry(
    early: readonly KmsRequestInput[],
    advance: (seconds: number) => Promise<void>,
  ): Promise<void> {
    await this.#control('advance', 31 * DAY_SECONDS, () => advance(31 * DAY_SECONDS));
    const late = this.#machines('win7', 2);
    await this.#together([...early, ...late]);
    await this.#inTurn([...late, ...early]);
  }

  #machines(product: ProductKey, count: number): KmsRequestInput[] {
    const { clock } = this.target;
    return Array.from({ length: count }, () => machineRequest({ product, random: this.random, clock }));
  }

  async #inTurn(requests: readonly KmsRequestInput[]): Promise<void> {
    for (const request of requests) await this.#ask(request, this.#lines[0]!);
  }

  /** All at the same time, a connection each; more than there are connections go in several goes. */
  async #together(requests: readonly KmsRequestInput[]): Promise<void> {
    const asking = this.random.shuffle([...requests]);
    for (let from = 0; from < asking.length; from += this.#lines.length) {
      const some = asking.slice(from, from + this.#lines.length);
      const outcomes = await Promise.allSettled(
        some.map((request, i) => this.#ask(request, this.#lines[i]!)),
      );
      const failed = outcomes.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    }
  }

  async #ask(request: KmsRequestInput, line: KeptConnection): Promise<void> {
    const startMs = sharedNowMs();
    let sent = 0;
    try {
      const exchange = await line.exchange((session) => {
        // The first copy may have been counted where the host closed behind an earlier answer.
        if (sent++ > 0) this.#note(request, startMs, null);
        return session.activate(request);
      });
      const { answer } = exchange;
      if (answer?.kind === 'response') this.#note(request, startMs, answer.value.currentClientCount);
      else if (answer?.kind !== 'refusal' && answer?.kind !== 'fault') this.#note(request, startMs, null);
      this.exchanges.push(exchange);
    } catch (error) {
      if (sent > 0) this.#note(request, startMs, null);
      throw error;
    }
  }

  #note(request: KmsRequestInput, startMs: number, count: number | null): void {
    const { applicationId, clientMachineId, requiredClientCount, isVirtualMachine } = request;
    this.checker.add({
      kind: 'request',
      startMs,
      endMs: count === null ? Infinity : sharedNowMs(),
      ...{ applicationId, clientMachineId, requiredClientCount, count },
      isVirtualMachine: isVirtualMachine !== 0,
    });
  }

  async #control(
    control: HistoryControl['control'],
    seconds: number,
    carryOut: () => Promise<void>,
  ): Promise<void> {
    const startMs = sharedNowMs();
    await carryOut();
    this.checker.add({ kind: 'control', control, startMs, endMs: sharedNowMs(), advanceMs: seconds * 1000 });
  }
}
