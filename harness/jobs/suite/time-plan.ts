import { formatDuration } from '../../support/duration';
import type { Pace } from './pace';
import type { Scenario } from './scenario';

/** What a run may take without `--slow`. */
export const PLANNED_MS = 270_000;
/** Requests of a scenario that says nothing of them. */
const USUAL_REQUESTS = 6;
/** What takes so much is begun while any time is left. */
const BRIEF_MS = 1000;

/** What a scenario takes by its needs on this host, in ms, with nothing beside it. */
export function estimateMs(scenario: Scenario, pace: Pace): number {
  const { needs } = scenario;
  const resets = needs.parallel === true ? 0 : 1;
  const clockSteps = needs.clockSteps ?? (needs.clock === true ? 2 : 0);
  const controlsMs = resets * pace.controlMs('reset') + clockSteps * pace.controlMs('advanceClock');
  return requestsOf(scenario) * answerMs(scenario, pace) + controlsMs;
}

const requestsOf = ({ needs }: Scenario): number => needs.requests ?? USUAL_REQUESTS + (needs.adds ?? 0);

const answerMs = ({ needs }: Scenario, pace: Pace): number =>
  needs.severalAtATime === true ? pace.eachMs : pace.aloneMs;

/**
 * What is kept of the time of a run for scenarios that go side by side behind the others, in ms: at most half of it. There are many of
 * them, and a slow host answers several at a time.
 */
export function keptFor(sideBySide: readonly Scenario[], pace: Pace): number {
  const neededMs = sideBySide.reduce((sum, scenario) => sum + requestsOf(scenario) * pace.eachMs, 0);
  return Math.min(PLANNED_MS / 2, neededMs);
}

/** Those that are brief first where all of them together take too long; else as they stand. */
export function briefestFirst(scenarios: readonly Scenario[], pace: Pace): readonly Scenario[] {
  const totalMs = scenarios.reduce((sum, scenario) => sum + estimateMs(scenario, pace), 0);
  if (totalMs <= PLANNED_MS) return scenarios;
  return [...scenarios].sort((a, b) => estimateMs(a, pace) - estimateMs(b, pace));
}

/** The time of one pass: what would take longer than is left is left out, and told with its estimate. */
export class TimePlan {
  readonly #startedAt: number;
  /** Kept for what comes later, in ms. */
  keptMs = 0;

  /** @param mayTakeLong true of those that are run whatever they take */
  constructor(
    private readonly pace: Pace,
    private readonly mayTakeLong: (scenario: Scenario) => boolean,
    private readonly timeoutMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#startedAt = now();
  }

  /** Why a scenario is not to be begun now; null where it is. */
  leavesOut(scenario: Scenario): string | null {
    const tooMany = tooManyTogether(scenario, this.pace, this.timeoutMs);
    if (tooMany !== null || this.mayTakeLong(scenario)) return tooMany;
    const needsMs = estimateMs(scenario, this.pace);
    const leftMs = PLANNED_MS - this.keptMs - (this.now() - this.#startedAt);
    if (needsMs < BRIEF_MS ? leftMs > 0 : needsMs <= leftMs) return null;
    const forIt = this.keptMs > 0 ? ' for it' : '';
    const left = `${inWords(Math.max(0, leftMs))} of the run's ${inWords(PLANNED_MS)} are left${forIt}`;
    return `left out: it takes about ${inWords(needsMs)}${costs(this.pace, scenario)}, and ${left}; --slow does it`;
  }
}

/** Why a scenario cannot be run at all on this host; null where it can. */
export function tooManyTogether({ needs }: Scenario, pace: Pace, timeoutMs: number): string | null {
  const { together = 0 } = needs;
  const lastMs = together * pace.eachMs;
  if (lastMs <= timeoutMs / 2) return null;
  return `needs ${together} answers at the same time: the host takes ${inWords(pace.eachMs)} over each, the last would come after ${inWords(lastMs)} (--timeout)`;
}

function costs(pace: Pace, scenario: Scenario): string {
  const { needs } = scenario;
  const eachMs = answerMs(scenario, pace);
  const isByClock = needs.clock === true || needs.clockSteps !== undefined;
  const controlMs = pace.controlMs(isByClock ? 'advanceClock' : 'reset');
  const answers = eachMs < 1 ? '' : `${inWords(eachMs)} an answer`;
  const controls =
    controlMs < BRIEF_MS / 10 ? '' : `${inWords(controlMs)} ${isByClock ? 'a clock step' : 'a reset'}`;
  const both = [answers, controls].filter((text) => text !== '').join(' and ');
  return both === '' ? '' : ` at ${both}`;
}

const inWords = (ms: number): string => formatDuration(ms < 1000 ? ms / 1000 : Math.ceil(ms / 1000));
