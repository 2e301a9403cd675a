import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import {
  type Answer,
  createMac,
  type Exchange,
  filetimeFromUnixMs,
  type KmsRequestInput,
} from '../../../protocol';
import { type ConnectionObserver, HostFailure, KeptConnection, KmsClient } from '../../client';
import { ExchangeWindow } from '../../client/exchange-window';
import { machineRequest } from '../../model/machine-request';
import { systemClock } from '../../support/clock';
import { Random } from '../../support/random';
import { sleepUntil } from '../../support/sleep-until';
import { Arrivals } from './arrivals';
import { CountCheck } from './count-check';
import { type HistoryChunk, HistoryTrace, sharedNowMs } from './load-history';
import { answerFailure, countOf, hostFailure, type Wrong } from './request-outcome';
import { endsAtMs, type LoadPlan, measuredFromMs, stretchesOf } from './plan';
import { Schedule } from './schedule';
import type { SharedMachines } from './shared-machines';
import { countFailure, type LoadTally, newTally, toMicroseconds } from './tally';

/** One thread of a load. */
export interface Share {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** How long requests that were due and found no connection are still waited for behind the end. */
const DRAIN_MS = 2_000;

/** What a thread needs beside the plan. */
export interface GeneratorContext {
  readonly share: Share;
  /** When the load starts, by `sharedNowMs`: the same for all threads. */
  readonly startAtMs: number;
  readonly shared: SharedMachines;
  readonly signal: AbortSignal;
  readonly observer?: ConnectionObserver | undefined;
  /** Takes what the requests were, to be judged with those of all threads; only where the host held nothing at the start. */
  readonly onHistory?: ((chunk: HistoryChunk) => void) | undefined;
}

/** Sends this thread's share of a load and measures it. */
export async function generateLoad(plan: LoadPlan, context: GeneratorContext): Promise<LoadTally> {
  return new Generator(plan, context).run();
}

class Generator {
  readonly #tally = newTally();
  readonly #window = new ExchangeWindow();
  readonly #client: KmsClient;
  readonly #requests: KmsRequestInput[];
  readonly #counts: CountCheck;
  readonly #trace: HistoryTrace;
  readonly #arrivals: Arrivals | null;
  private readonly share: Share;
  private readonly startAtMs: number;
  private readonly signal: AbortSignal;
  #turn = 0;
  #stopped = false;

  constructor(
    private readonly plan: LoadPlan,
    { share, startAtMs, shared, signal, observer, onHistory = () => undefined }: GeneratorContext,
  ) {
    this.share = share;
    this.startAtMs = startAtMs;
    this.signal = signal;
    const machines = Math.max(1, Math.ceil(plan.machines / share.of));
    const random = new Random(plan.seed).fork(`load ${share.index}`);
    this.#requests = Array.from({ length: machines }, () =>
      machineRequest({ product: plan.product, random, clock: systemClock }),
    );
    this.#counts = new CountCheck(this.#requests, plan.fresh, shared);
    this.#trace = new HistoryTrace(plan.fresh ? onHistory : () => undefined);
    this.#client = new KmsClient({
      endpoint: plan.endpoint,
      timeoutMs: plan.timeoutMs,
      signal,
      closeWith: plan.closeWith,
      localAddresses: plan.sources,
      observer,
      sign: plan.macKey === null ? undefined : createMac(plan.macKey),
    });
    const { rate } = plan;
    const schedule = rate === null ? null : new Schedule(stretchesOf({ ...plan, rate }));
    this.#arrivals =
      schedule === null ? null : new Arrivals(schedule, share.index, share.of, () => this.#elapsedMs());
  }

  async run(): Promise<LoadTally> {
    const stop = (): void => this.#stop();
    const abort = (): void => {
      this.#stop();
      void this.#client.close();
    };
    this.signal.addEventListener('abort', abort, { once: true });
    if (this.signal.aborted) this.#stop();
    // A request before the start would count as one of a warm-up.
    await sleepUntil(this.startAtMs, { now: sharedNowMs, signal: this.signal });
    const before = performance.eventLoopUtilization();
    const slots = Array.from({ length: this.#slots() }, () => this.#slot());
    const overtime = setTimeout(stop, endsAtMs(this.plan) + DRAIN_MS - this.#elapsedMs());
    await Promise.all(slots);
    clearTimeout(overtime);
    this.signal.removeEventListener('abort', abort);
    this.#tally.busy = performance.eventLoopUtilization(before).utilization;
    this.#tally.opened = this.#client.connections;
    this.#tally.evidence = this.#window.evidence();
    this.#trace.finish();
    await this.#client.close();
    return this.#tally;
  }

  /** This thread's part of the connections, at least one. */
  #slots(): number {
    const { connections } = this.plan;
    const { index, of } = this.share;
    return Math.max(1, Math.floor(connections / of) + (index < connections % of ? 1 : 0));
  }

  #elapsedMs(): number {
    return sharedNowMs() - this.startAtMs;
  }

  /** No new requests; what was due and never sent counts as such, with the time it waited. */
  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const nowMs = this.#elapsedMs();
    for (const { intendedMs } of this.#arrivals?.stop() ?? []) {
      if (intendedMs < measuredFromMs(this.plan)) continue;
      this.#tally.requests++;
      countFailure(this.#tally, 'not sent: no connection was free in time');
      this.#tally.fromIntended.recordValue(toMicroseconds(nowMs - intendedMs));
    }
  }

  /** One connection's worth of requests, one after the other. */
  async #slot(): Promise<void> {
    let current: ReturnType<HistoryTrace['start']> | null = null;
    const onUnanswered = (): void => this.#trace.unanswered(current!);
    const asker =
      this.plan.mode === 'kept' ? new KeptConnection(this.#client, { onUnanswered }) : this.#client;
    for (let due = await this.#due(); due !== null; due = await this.#due()) {
      const startedMs = this.#elapsedMs();
      const intendedMs = due.intendedMs ?? startedMs;
      const measured = intendedMs >= measuredFromMs(this.plan);
      if (measured && due.intendedMs !== null && !due.queued) {
        this.#tally.lateness.recordValue(toMicroseconds(startedMs - intendedMs));
      }
      const machine = this.#turn++ % this.#requests.length;
      const least = this.#counts.send(machine);
      current = this.#trace.start(machine);
      let outcome: Exchange | HostFailure;
      try {
        outcome = await this.#ask(asker, machine);
      } catch (error) {
        if (!(error instanceof HostFailure)) throw error;
        outcome = error;
      }
      this.#trace.end(current, countOf(outcome));
      const wrong = measured
        ? this.#record(outcome, machine, least, intendedMs, startedMs)
        : outcome instanceof HostFailure
          ? null
          : this.#judgeCount(outcome.answer!, machine, least, false);
      this.#window.add(outcome, wrong?.message, wrong?.class);
      if (outcome instanceof HostFailure && outcome.stage === 'connect') await sleep(1);
    }
  }

  /** The next request of this slot: as the schedule has it, or at once. */
  async #due(): Promise<{ intendedMs: number | null; queued: boolean } | null> {
    if (this.#arrivals !== null) return this.#arrivals.next();
    if (this.#stopped || this.#elapsedMs() >= endsAtMs(this.plan)) return null;
    return { intendedMs: null, queued: false };
  }

  #ask(asker: KmsClient | KeptConnection, machine: number): Promise<Exchange> {
    const request = { ...this.#requests[machine]!, requestTime: filetimeFromUnixMs(systemClock.now()) };
    return asker.activate(request);
  }

  /** @returns what is wrong, or null */
  #record(
    outcome: Exchange | HostFailure,
    machine: number,
    least: number,
    intendedMs: number,
    startedMs: number,
  ): Wrong | null {
    // Cut off by ourselves: that says nothing about the host.
    if (outcome instanceof HostFailure && outcome.kind === 'interrupted') return null;
    const tally = this.#tally;
    const nowMs = this.#elapsedMs();
    tally.requests++;
    const wrong = outcome instanceof HostFailure ? hostFailure(outcome) : answerFailure(outcome.answer!);
    if (wrong !== null) countFailure(tally, wrong.class);
    // A request that timed out took at least so long: to leave it out would flatter the host.
    if (outcome instanceof HostFailure && outcome.kind !== 'timed-out') return wrong;
    if (this.#arrivals !== null) tally.fromIntended.recordValue(toMicroseconds(nowMs - intendedMs));
    tally.fromActual.recordValue(toMicroseconds(nowMs - startedMs));
    if (outcome instanceof HostFailure) return wrong;
    tally.answered++;
    tally.lastAnswerMs = Math.max(tally.lastAnswerMs, nowMs);
    return this.#judgeCount(outcome.answer!, machine, least, true) ?? wrong;
  }

  /** Counts of the warm-up bear on the bounds, and are judged too; only the measured ones are failures of it. */
  #judgeCount(answer: Answer, machine: number, least: number, measured: boolean): Wrong | null {
    if (answer.kind !== 'response') return null;
    const wrong = this.#counts.answer(machine, answer.value.currentClientCount, least);
    if (wrong === null) return null;
    this.#tally.wrongCounts++;
    this.#tally.firstWrongCount ??= wrong;
    if (measured) countFailure(this.#tally, 'wrong count');
    return { class: 'wrong count', message: wrong };
  }
}
