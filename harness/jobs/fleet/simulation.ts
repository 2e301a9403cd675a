import type { Random } from '../../support/random';
import { type ClientState, HOUR_MS, USUAL_RETRY_MS } from '../../model/client-state';
import { mapAtOnce } from '../../support/at-once';
import type { ExchangeWindow } from '../../client/exchange-window';
import { CalendarQueue } from './calendar-queue';
import { describeDifference } from './describe-difference';
import type { Draws } from './draws';
import { FoundHosts } from './found-hosts';
import type { Asked, HostLedger } from './host-ledger';
import { drawIncident, waitForIncident } from './incidents';
import type { FleetMachine } from './machine';
import type { FleetRecorder } from './recorder';
import type { FleetAnswer, FleetDifference } from './result';

const EVENT = { arrival: 0, ask: 1, lapse: 2, incident: 3, departure: 4 } as const;
const EVENT_BITS = 3;

export interface SimulationParts {
  readonly machines: readonly FleetMachine[];
  readonly ledgers: readonly HostLedger[];
  readonly recorder: FleetRecorder;
  /** Keeps the exchanges that went wrong. */
  readonly window: ExchangeWindow;
  readonly random: Random;
  readonly draws: Draws;
  readonly startMs: number;
  readonly endMs: number;
  readonly heedsPriority: boolean;
  /** Who is to ask within such a span, in ms from the start, asks at its end; 0 for each at its own time. */
  readonly spanMs: number;
  readonly onAnswer?: ((answer: FleetAnswer) => void) | undefined;
}

/** Clients in virtual time: takes events in order until the end. One machine has one ask, one lapse and one incident in the queue at most. */
export class Simulation {
  readonly #queue = new CalendarQueue(HOUR_MS);
  readonly #parts: SimulationParts;
  readonly #hosts: FoundHosts;
  differences = 0;
  conclusiveDifferences = 0;
  firstDifference: FleetDifference | null = null;

  constructor(parts: SimulationParts) {
    this.#parts = parts;
    this.#hosts = new FoundHosts(parts.ledgers, parts.heedsPriority, parts.draws);
    for (const machine of parts.machines) this.#push(machine.arrivesMs, EVENT.arrival, machine);
  }

  /** When the next event is due, Infinity where none is before the end. */
  get nextMs(): number {
    return this.#queue.firstMs <= this.#parts.endMs ? this.#queue.firstMs : Infinity;
  }

  /** Takes the next event; a promise where a host was asked. */
  step(): Promise<void> | null {
    const nowMs = this.#queue.firstMs;
    const asking = this.#takeEvent(nowMs);
    return asking === null ? null : this.#attempt(asking, nowMs);
  }

  /** Takes all events of the next instant: machines that ask in it ask at the same time. */
  async stepTogether(atOnce: number): Promise<void> {
    const nowMs = this.#queue.firstMs;
    const asking = new Set<FleetMachine>();
    while (this.#queue.firstMs === nowMs) {
      const machine = this.#takeEvent(nowMs);
      if (machine !== null) asking.add(machine);
    }
    if (asking.size > 0) for (const { host } of this.#parts.ledgers) await host.time.reach(nowMs);
    await mapAtOnce([...asking], atOnce, async (machine) => this.#attempt(machine, nowMs));
  }

  /** @returns the machine that is to ask now, null where the event was another */
  #takeEvent(nowMs: number): FleetMachine | null {
    const payload = this.#queue.pop();
    const machine = this.#parts.machines[payload >>> EVENT_BITS]!;
    if (machine.gone) return null;
    switch (payload & ((1 << EVENT_BITS) - 1)) {
      case EVENT.arrival:
        this.#arrive(machine, nowMs);
        return null;
      case EVENT.ask:
        return machine.askAtMs === nowMs ? machine : null;
      case EVENT.lapse:
        this.#lapse(machine, nowMs);
        return null;
      case EVENT.incident:
        this.#befall(machine, nowMs);
        return null;
      default:
        machine.gone = true;
        this.#parts.recorder.left(machine.licence);
        return null;
    }
  }

  #push(timeMs: number, event: number, machine: FleetMachine): void {
    if (timeMs <= this.#parts.endMs) this.#queue.push(timeMs, machine.index * (1 << EVENT_BITS) + event);
  }

  #arrive(machine: FleetMachine, nowMs: number): void {
    const { plan, rules } = machine.group;
    const { state, nextAskMs } = rules.start(nowMs);
    this.#enter(machine, state);
    this.#push(state.endsAtMs, EVENT.lapse, machine);
    this.#schedule(machine, nextAskMs);
    if (plan.staysHours !== undefined)
      this.#push(nowMs + plan.staysHours * HOUR_MS, EVENT.departure, machine);
    if (plan.incidents !== undefined && plan.incidents.length > 0) this.#scheduleIncident(machine, nowMs);
  }

  #schedule(machine: FleetMachine, dueMs: number): void {
    const { startMs, spanMs } = this.#parts;
    const askAtMs = spanMs === 0 ? dueMs : startMs + Math.ceil((dueMs - startMs) / spanMs) * spanMs;
    machine.askAtMs = askAtMs;
    this.#push(askAtMs, EVENT.ask, machine);
  }

  #enter(machine: FleetMachine, state: ClientState): void {
    this.#parts.recorder.moved(machine.licence, state.licence);
    machine.state = state;
  }

  /** The state may have been prolonged since this was scheduled: then it is looked at again when it ends. */
  #lapse(machine: FleetMachine, nowMs: number): void {
    const { rules } = machine.group;
    const { state: before } = machine;
    const state = rules.lapsed(before, nowMs);
    if (state === before) {
      this.#push(state.endsAtMs, EVENT.lapse, machine);
      return;
    }
    this.#enter(machine, state);
    machine.lapses++;
    // Where a failed renewal waits for days, one that is no longer licensed does not.
    const retryMs = nowMs + rules.retryAfterMs(state);
    if (retryMs < machine.askAtMs) this.#schedule(machine, retryMs);
  }

  #scheduleIncident(machine: FleetMachine, nowMs: number): void {
    this.#push(nowMs + waitForIncident(machine, this.#parts.draws), EVENT.incident, machine);
  }

  #befall(machine: FleetMachine, nowMs: number): void {
    const kind = drawIncident(machine, this.#parts.draws);
    machine.incidents++;
    if (kind === 'reimage') {
      machine.previousClientMachineId = machine.clientMachineId;
      machine.clientMachineId = this.#parts.random.guid();
      machine.hostIndex = -1;
    }
    const timeless = machine.state.endsAtMs === Infinity;
    const { state, nextAskMs } = machine.group.rules.applyIncident(machine.state, kind, nowMs);
    this.#enter(machine, state);
    // A shorter state, or one after a state without end, has no lapse in the queue at its time.
    if (timeless || state.endsAtMs !== Infinity) this.#push(state.endsAtMs, EVENT.lapse, machine);
    this.#schedule(machine, nextAskMs);
    this.#scheduleIncident(machine, nowMs);
  }

  /** One attempt of a client to be activated or to renew. */
  #attempt(machine: FleetMachine, nowMs: number): Promise<void> | null {
    machine.noteAsked(nowMs);
    const awayUntilMs = machine.awayUntil(nowMs, this.#parts.draws);
    if (awayUntilMs === null) return this.#askHosts(machine, nowMs);
    machine.unanswered++;
    // It goes on trying in vain; only the first attempt after its return is worth an event.
    const retryMs = machine.group.rules.retryAfterMs(machine.state);
    const tries = Math.max(1, Math.ceil((awayUntilMs - nowMs) / retryMs));
    this.#schedule(machine, nowMs + tries * retryMs);
    return null;
  }

  async #askHosts(machine: FleetMachine, nowMs: number): Promise<void> {
    const known = machine.hostIndex;
    if (known >= 0 && (await this.#askHost(machine, known, nowMs))) return;
    for (const index of this.#hosts.for(machine)) {
      if (index !== known && (await this.#askHost(machine, index, nowMs))) return;
    }
    machine.hostIndex = -1;
    machine.unanswered++;
    const { state, nextAskMs } = machine.group.rules.failed(machine.state, nowMs);
    this.#enter(machine, state);
    this.#schedule(machine, nextAskMs);
  }

  /** @returns whether the host answered, whatever it said */
  async #askHost(machine: FleetMachine, index: number, nowMs: number): Promise<boolean> {
    const ledger = this.#parts.ledgers[index]!;
    if (ledger.isDown(nowMs)) return false;
    const moved = ledger.host.time.reach(nowMs);
    if (moved !== null) await moved;
    const asked = await ledger.ask(machine, machine.request(nowMs));
    this.#parts.recorder.requested(nowMs);
    machine.requests++;
    if (asked === null) return false;
    machine.hostIndex = index;
    this.#take(machine, asked, index, nowMs);
    return true;
  }

  #take(machine: FleetMachine, asked: Asked, host: number, nowMs: number): void {
    const { answer, answered, expectation, problem } = asked;
    const { rules } = machine.group;
    const { state, nextAskMs } =
      answer.kind === 'response'
        ? rules.answered(machine.state, answer.value, nowMs)
        : rules.failed(machine.state, nowMs, USUAL_RETRY_MS);
    const lapseScheduled = machine.state.endsAtMs !== Infinity;
    this.#enter(machine, state);
    if (!lapseScheduled) this.#push(state.endsAtMs, EVENT.lapse, machine);
    if (state.licence === 'licensed') machine.noteActivated(nowMs);
    this.#schedule(machine, nextAskMs);
    const expected = expectation?.count ?? null;
    if (host === 0) this.#parts.recorder.counted(answered, expected);
    const differs = problem !== null || (expectation !== null && answered !== expected);
    this.#parts.window.add(
      asked.exchange,
      differs ? this.#differ(machine, asked, host, nowMs) : null,
      'difference',
    );
    this.#parts.onAnswer?.({
      hour: (nowMs - this.#parts.startMs) / HOUR_MS,
      host,
      machine: machine.name,
      kind: machine.group.plan.name,
      exchange: asked.exchange,
      answered,
      expected,
      capacity: expectation?.capacity ?? 0,
      licensed: state.licence === 'licensed',
    });
  }

  /** @returns what is wrong, of the first difference; null of those behind it */
  #differ(machine: FleetMachine, asked: Asked, host: number, nowMs: number): string | null {
    this.differences++;
    if (asked.conclusive) this.conclusiveDifferences++;
    if (this.firstDifference !== null) return null;
    const message = describeDifference(machine, asked);
    this.firstDifference = {
      hour: (nowMs - this.#parts.startMs) / HOUR_MS,
      host: this.#parts.ledgers[host]!.host.asked.name,
      machine: machine.name,
      message,
    };
    return message;
  }
}
