import { HOUR_MS, LICENCES, type Licence } from '../../model/client-state';
import type { FleetSample } from './result';

const PLACE = new Map<Licence, number>(LICENCES.map((licence, place) => [licence, place]));
/** Intervals between samples that read well, in hours. */
const NICE_HOURS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 168];
const SAMPLES = 400;

/** The interval that gives at most 400 samples of a run. */
export function usualSampleHours(days: number): number {
  return NICE_HOURS.find((hours) => (days * 24) / hours <= SAMPLES) ?? (days * 24) / SAMPLES;
}

/** Counts machines by state while they change, and samples them in even steps of virtual time. */
export class FleetRecorder {
  readonly samples: FleetSample[] = [];
  readonly requestsPerHour: number[];
  readonly #states: number[] = LICENCES.map(() => 0);
  #requests = 0;
  #answered: number | null = null;
  #expected: number | null = null;
  #nextMs: number;

  constructor(
    private readonly startMs: number,
    private readonly endMs: number,
    private readonly everyMs: number,
    machines: number,
  ) {
    this.#nextMs = startMs;
    this.requestsPerHour = new Array<number>(Math.ceil((endMs - startMs) / HOUR_MS)).fill(0);
    this.#states[PLACE.get('unlicensed')!] = machines;
  }

  /** Takes all samples that are due before `nowMs`, or up to the end where it is beyond. */
  advance(nowMs: number): void {
    while (this.#nextMs < nowMs && this.#nextMs <= this.endMs) {
      this.#take();
      this.#nextMs += this.everyMs;
    }
  }

  moved(from: Licence, to: Licence): void {
    if (from === to) return;
    this.#states[PLACE.get(from)!]!--;
    this.#states[PLACE.get(to)!]!++;
  }

  /** A machine is switched off: it is in no state any more. */
  left(licence: Licence): void {
    this.#states[PLACE.get(licence)!]!--;
  }

  requested(nowMs: number): void {
    this.#requests++;
    const hour = Math.min(this.requestsPerHour.length - 1, Math.floor((nowMs - this.startMs) / HOUR_MS));
    this.requestsPerHour[hour]!++;
  }

  counted(answered: number | null, expected: number | null): void {
    this.#answered = answered;
    this.#expected = expected;
  }

  #take(): void {
    this.samples.push({
      hour: (this.#nextMs - this.startMs) / HOUR_MS,
      machines: [...this.#states],
      requests: this.#requests,
      answered: this.#answered,
      expected: this.#expected,
    });
    this.#requests = 0;
    this.#answered = null;
    this.#expected = null;
  }
}
