import { isCounted } from '../counting-model';
import { placesFor } from '../client-cache';
import { DEFAULT_PROFILE, type Profile } from '../profile';
import { ControlTimes } from './control-times';
import { EventQueue } from './event-queue';
import type { HistoryControl, HistoryEvent, HistoryRequest, HistoryStart } from './history';
import { inOneGo } from './in-one-go';
import type { Operation } from './operation';
import { OrderSearch } from './order-search';
import type { Effort } from './under-way';
import { UnorderedCache } from './unordered-cache';

/** What is known of the host of a history, and how long to look for an order. */
export interface HistoryOptions {
  readonly profile?: Profile;
  /** What the host held when it began; `empty` unless told. */
  readonly start?: HistoryStart;
  /** The largest N_Policy of the whole history, where it is known: what is full for good then takes next to no time. */
  readonly largestPolicy?: number;
  /**
   * So many looks at requests under way for what becomes known at one time (a call of `passed`): beyond these nothing more is said of it.
   * Ten million take two seconds at worst.
   */
  readonly mostLooks?: number;
  /** Controls of the history, where they are known beforehand: those that come while requests are under way have to be. */
  readonly controls?: readonly HistoryControl[];
}

/** An answer with which there is no order any more. */
export interface HistoryFailure {
  readonly request: HistoryRequest;
  /** The counts with which there would still be one; at most 64 of them. */
  readonly possible: readonly number[];
  /** What was under way with it, and what was answered last before, in the order of starts; the request is among them. */
  readonly part: readonly HistoryRequest[];
}

/** Requests that are kept to show what a failing one overlapped with. */
const KEPT = 256;
/** Of those that were answered before the failing one began, so many are shown, and of those that overlapped so many. */
const SHOWN_BEFORE = 4;
const SHOWN = 24;

/** A second at worst: while an order is looked for no signal is heard. */
const MOST_LOOKS = 5_000_000;

interface Table {
  readonly search: OrderSearch;
  readonly recent: HistoryRequest[];
  moments: number;
}

/**
 * Judges a history as it comes, in flat memory: is there an order, each request taking effect at one moment between its start and its end,
 * in which the counting model gives the counts that were answered? Applications are counted apart. Where more would have to be kept
 * apart than can be, and behind each failure, nothing is taken for known any more, and the next answers say what the host holds.
 */
export class HistoryChecker {
  readonly failures: HistoryFailure[] = [];
  /** Answers that were held against what is known of the host, and those of which nothing was known. */
  judged = 0;
  unjudged = 0;
  readonly #tables = new Map<string, Table>();
  readonly #queue = new EventQueue<HistoryEvent>();
  readonly #operations = new Map<HistoryEvent, Map<Table, Operation>>();
  readonly #openControls = new Set<HistoryControl>();
  #start: HistoryStart;
  readonly #profile: Profile;
  readonly #mostPlaces: number;
  readonly #mostLooks: number;
  readonly #effort: Effort = { left: 0 };
  readonly #controls: ControlTimes;

  constructor(options: HistoryOptions = {}) {
    const { profile = DEFAULT_PROFILE, start = 'empty', largestPolicy, controls } = options;
    this.#mostLooks = options.mostLooks ?? MOST_LOOKS;
    this.#controls = new ControlTimes(controls ?? []);
    this.#profile = profile;
    this.#start = start;
    this.#mostPlaces = largestPolicy === undefined ? Infinity : placesFor(largestPolicy);
  }

  /** Takes an event in any order; it is judged once `passed` says that all before it are known. */
  add(event: HistoryEvent): void {
    this.#queue.add(event);
  }

  /** Every event that starts before this time has been added. */
  passed(ms: number): void {
    inOneGo(this.passing(ms));
  }

  /** As `passed`, in parts of less than a second each: between them whoever asks may do something else, or give up. */
  *passing(ms: number): Generator<void, void> {
    this.#effort.left = this.#mostLooks;
    for (let next = this.#queue.next(ms); next !== null; next = this.#queue.next(ms)) {
      if (next.isStart) this.#started(next.event);
      else {
        yield* this.#ended(next.event);
        yield;
      }
    }
  }

  /** Looks no further for what is passing: nothing more is said of it. */
  giveUp(): void {
    this.#effort.left = 0;
  }

  /** All has been added. */
  finish(): void {
    this.passed(Infinity);
  }

  #started(event: HistoryEvent): void {
    const own = new Map<Table, Operation>();
    if (event.kind === 'request') {
      const table = this.#table(event.applicationId);
      table.recent.push(event);
      if (table.recent.length > 2 * KEPT) table.recent.splice(0, KEPT);
      const operation = requestOperation(event, table.moments, this.#profile);
      this.#startIn(table, own, { ...operation, meetsControl: this.#controls.meet(event) });
    } else {
      this.#openControls.add(event);
      for (const table of this.#tables.values())
        this.#startIn(table, own, this.#controlOperation(event, table.moments));
    }
    if (event.endMs !== Infinity) this.#operations.set(event, own);
  }

  #startIn(table: Table, own: Map<Table, Operation>, operation: Operation): void {
    table.moments++;
    own.set(table, operation);
    table.search.start(operation);
  }

  *#ended(event: HistoryEvent): Generator<void, void> {
    for (const [table, operation] of this.#operations.get(event)!) {
      const { isJudged, possible } = yield* table.search.end(operation, table.moments++);
      if (event.kind === 'control') continue;
      if (isJudged) this.judged++;
      else this.unjudged++;
      if (possible === null) continue;
      this.failures.push({ request: event, possible, part: partAround(event, table.recent) });
    }
    this.#operations.delete(event);
    if (event.kind !== 'control') return;
    this.#openControls.delete(event);
    if (this.#forgets(event)) this.#start = 'empty';
  }

  #table(applicationId: string): Table {
    let table = this.#tables.get(applicationId);
    if (table === undefined) {
      const cache = this.#start === 'empty' ? UnorderedCache.empty() : null;
      const search = new OrderSearch(cache, { mostPlaces: this.#mostPlaces, effort: this.#effort });
      table = { search, recent: [], moments: 0 };
      this.#tables.set(applicationId, table);
      for (const control of this.#openControls) {
        const own = this.#operations.get(control) ?? new Map<Table, Operation>();
        this.#startIn(table, own, this.#controlOperation(control, table.moments));
      }
    }
    return table;
  }

  #forgets({ control }: HistoryControl): boolean {
    return control === 'reset' || (control === 'restart' && !this.#profile.countSurvivesRestart);
  }

  #controlOperation(event: HistoryControl, id: number): Operation {
    const { startMs, endMs, advanceMs } = event;
    const control = this.#forgets(event) ? 'reset' : advanceMs;
    return { id, startMs, endMs, clientMachineId: '', places: 0, isCounted: false, count: null, control };
  }
}

/** Judges a whole history. */
export function checkHistory(events: readonly HistoryEvent[], options: HistoryOptions = {}): HistoryChecker {
  const policies = events.map((event) => (event.kind === 'request' ? event.requiredClientCount : 0));
  const checker = new HistoryChecker({
    largestPolicy: policies.reduce((a, b) => Math.max(a, b), 0),
    controls: events.filter((event) => event.kind === 'control'),
    ...options,
  });
  for (const event of events) checker.add(event);
  checker.finish();
  return checker;
}

function requestOperation(request: HistoryRequest, id: number, profile: Profile): Operation {
  const { startMs, endMs, clientMachineId, requiredClientCount, count } = request;
  return {
    id,
    startMs,
    endMs,
    clientMachineId,
    places: placesFor(requiredClientCount),
    isCounted: isCounted(request, profile),
    count,
    control: null,
  };
}

/** The requests that overlap with one, and the last before it. */
function partAround(request: HistoryRequest, recent: readonly HistoryRequest[]): HistoryRequest[] {
  const near = recent.filter(({ startMs }) => startMs <= request.endMs);
  const overlapping = near.filter((each) => each !== request && each.endMs >= request.startMs).slice(-SHOWN);
  const before = near.filter(({ endMs }) => endMs < request.startMs);
  before.sort((a, b) => a.endMs - b.endMs);
  return [...before.slice(-SHOWN_BEFORE), ...overlapping, request].sort((a, b) => a.startMs - b.startMs);
}
