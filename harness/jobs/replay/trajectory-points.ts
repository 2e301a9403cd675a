import { CLIENT_THRESHOLD, SERVER_THRESHOLD } from '../../../protocol';
import { describeAnswer } from '../../../protocol/describe-answer';
import type { Trajectory, TrajectoryPoint } from '../../../reports/results/model';
import { countOf, type ReplayRow } from './replay-row';

/** Points of the trajectory; beyond that every n-th, and of those between as many that differ. */
const MAX_POINTS = 5_000;

/** Collects the `trajectory` section: recorded, answered and expected count after each request. */
export class ReplayTrajectory {
  readonly #points: TrajectoryPoint[] = [];
  readonly #step: number;
  #between = 0;
  #requests = 0;
  #capacity: number | null = null;
  #firstDifference: Trajectory['firstDifference'];

  /** @param asked how many requests there are going to be */
  constructor(asked: number) {
    this.#step = Math.max(1, Math.ceil(asked / MAX_POINTS));
  }

  add(row: ReplayRow): void {
    const { expected, comparison, recorded } = row;
    const isOnStep = this.#requests++ % this.#step === 0;
    if (isOnStep || (comparison.verdict === 'differs' && this.#between++ < MAX_POINTS))
      this.#points.push(trajectoryPoint(row));
    if (expected?.kind !== 'count') return;
    this.#capacity = Math.max(this.#capacity ?? 0, expected.capacity);
    const answered = countOf(row.answered);
    if (this.#firstDifference !== undefined || answered === null || answered === expected.count) return;
    const message = `${row.sent} received ${answered}; a host that had counted nothing before answers ${expected.count}`;
    this.#firstDifference = { index: recorded.index, message };
  }

  get section(): Trajectory {
    return {
      requests: this.#requests,
      thresholds: [SERVER_THRESHOLD, CLIENT_THRESHOLD],
      capacity: this.#capacity,
      points: [...this.#points],
      ...(this.#firstDifference === undefined ? {} : { firstDifference: this.#firstDifference }),
    };
  }
}

function trajectoryPoint(row: ReplayRow): TrajectoryPoint {
  const { recorded, expected, sent } = row;
  const note = noteOf(row);
  return {
    index: recorded.index,
    sent,
    recorded: countOf(recorded),
    answered: countOf(row.answered),
    expected: expected?.kind === 'count' ? expected.count : null,
    capacity: expected?.kind === 'count' ? expected.capacity : null,
    ...(note === undefined ? {} : { note }),
  };
}

function noteOf({ answered, failure }: ReplayRow): string | undefined {
  if (failure !== null) return failure.message;
  const answer = answered?.answer;
  return answer === undefined || answer === null || answer.kind === 'response'
    ? undefined
    : describeAnswer(answer);
}
