import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import {
  type Answer,
  createMac,
  filetimeFromUnixMs,
  formatStatus,
  hresultName,
  type KmsRequestInput,
  product,
} from '../../protocol';
import { type ConnectionObserver, HostFailure, KmsClient, type KmsSession, machineRequest } from '../client';
import { systemClock } from '../clock';
import { Random } from '../random';
import { Arrivals } from './arrivals';
import { CountBounds, type SharedMachines } from './count-bounds';
import { endsAtMs, type LoadPlan, measuredFromMs, stretchesOf } from './plan';
import { Schedule } from './schedule';
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
export interface Surroundings {
  readonly share: Share;
  /** When the load starts, ms since 1970: the same for all threads. */
  readonly startAtMs: number;
  readonly shared: SharedMachines;
  readonly signal: AbortSignal;
  readonly observer?: ConnectionObserver | undefined;
}

/** Sends this thread's share of a load and measures it. */
export async function generateLoad(plan: LoadPlan, surroundings: Surroundings): Promise<LoadTally> {
  return new Generator(plan, surroundings).run();
}

class Generator {
  readonly #tally = newTally();
  readonly #client: KmsClient;
  readonly #requests: KmsRequestInput[];
  readonly #bounds: CountBounds;
  readonly #originMs: number;
  readonly #arrivals: Arrivals | null;
  private readonly share: Share;
  private readonly signal: AbortSignal;
  #turn = 0;
  #stopped = false;

  constructor(
    private readonly plan: LoadPlan,
    { share, startAtMs, shared, signal, observer }: Surroundings,
  ) {
    this.share = share;
    this.signal = signal;
    const machines = Math.max(1, Math.ceil(plan.machines / share.of));
    const random = new Random(plan.seed).fork(`load ${share.index}`);
    this.#requests = Array.from({ length: machines }, () =>
      machineRequest({ product: plan.product, random, clock: systemClock }),
    );
    this.#bounds = new CountBounds(product(plan.product).requiredClientCount, machines, plan.fresh, shared);
    this.#client = new KmsClient({
      endpoint: plan.endpoint,
      timeoutMs: plan.timeoutMs,
      closeWith: plan.closeWith,
      localAddresses: plan.sources,
      observer,
      sign: plan.macKey === null ? undefined : createMac(plan.macKey),
    });
    this.#originMs = startAtMs - performance.timeOrigin;
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
    await sleep(Math.max(0, -this.#elapsedMs()));
    const before = performance.eventLoopUtilization();
    const slots = Array.from({ length: this.#slots() }, () => this.#slot());
    const overtime = setTimeout(stop, endsAtMs(this.plan) + DRAIN_MS - this.#elapsedMs());
    await Promise.all(slots);
    clearTimeout(overtime);
    this.signal.removeEventListener('abort', abort);
    this.#tally.busy = performance.eventLoopUtilization(before).utilization;
    this.#tally.opened = this.#client.connections;
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
    return performance.now() - this.#originMs;
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
    let session: KmsSession | null = null;
    for (let due = await this.#due(); due !== null; due = await this.#due()) {
      const startedMs = this.#elapsedMs();
      const intendedMs = due.intendedMs ?? startedMs;
      const measured = intendedMs >= measuredFromMs(this.plan);
      if (measured && due.intendedMs !== null && !due.queued) {
        this.#tally.lateness.recordValue(toMicroseconds(startedMs - intendedMs));
      }
      const machine = this.#turn++ % this.#requests.length;
      const least = this.#bounds.send(machine);
      let outcome: Answer | HostFailure;
      try {
        if (this.plan.mode === 'kept') session ??= await this.#client.session();
        outcome = await this.#ask(session, machine);
      } catch (error) {
        if (!(error instanceof HostFailure)) throw error;
        outcome = error;
        session = null;
      }
      if (measured) this.#record(outcome, machine, least, intendedMs, startedMs);
      else if (!(outcome instanceof HostFailure)) this.#judgeCount(outcome, machine, least, false);
      if (outcome instanceof HostFailure && outcome.stage === 'connect') await sleep(1);
    }
  }

  /** The next request of this slot: as the schedule has it, or at once. */
  async #due(): Promise<{ intendedMs: number | null; queued: boolean } | null> {
    if (this.#arrivals !== null) return this.#arrivals.next();
    if (this.#stopped || this.#elapsedMs() >= endsAtMs(this.plan)) return null;
    return { intendedMs: null, queued: false };
  }

  async #ask(session: KmsSession | null, machine: number): Promise<Answer> {
    const request = { ...this.#requests[machine]!, requestTime: filetimeFromUnixMs(systemClock.now()) };
    const { answer } =
      session === null ? await this.#client.activate(request) : await session.activate(request);
    return answer!;
  }

  #record(
    outcome: Answer | HostFailure,
    machine: number,
    least: number,
    intendedMs: number,
    startedMs: number,
  ): void {
    // Cut off by ourselves: that says nothing about the host.
    if (outcome instanceof HostFailure && outcome.kind === 'interrupted') return;
    const tally = this.#tally;
    const nowMs = this.#elapsedMs();
    tally.requests++;
    const failure =
      outcome instanceof HostFailure ? `${outcome.kind} (${outcome.stage})` : answerFailure(outcome);
    if (failure !== null) countFailure(tally, failure);
    // A request that timed out took at least so long: to leave it out would flatter the host.
    if (outcome instanceof HostFailure && outcome.kind !== 'timed-out') return;
    if (this.#arrivals !== null) tally.fromIntended.recordValue(toMicroseconds(nowMs - intendedMs));
    tally.fromActual.recordValue(toMicroseconds(nowMs - startedMs));
    if (outcome instanceof HostFailure) return;
    tally.answered++;
    tally.lastAnswerMs = Math.max(tally.lastAnswerMs, nowMs);
    this.#judgeCount(outcome, machine, least, true);
  }

  /** Counts of the warm-up bear on the bounds, and are judged too; only the measured ones are failures of it. */
  #judgeCount(answer: Answer, machine: number, least: number, measured: boolean): void {
    if (answer.kind !== 'response') return;
    const wrong = this.#bounds.answer(machine, answer.value.currentClientCount, least);
    if (wrong === null) return;
    this.#tally.wrongCounts++;
    this.#tally.firstWrongCount ??= wrong;
    if (measured) countFailure(this.#tally, 'wrong count');
  }
}

/** The class of an answer that is no count, or null. */
function answerFailure(answer: Answer): string | null {
  switch (answer.kind) {
    case 'response':
      return null;
    case 'refusal':
      return `refused: ${formatStatus(answer.hresult)} ${hresultName(answer.hresult)}`;
    case 'fault':
      return `fault ${formatStatus(answer.status)}`;
    case 'malformed':
      return `malformed: ${answer.error.path}`;
    case 'sealed':
      return 'a sealed message';
  }
}
