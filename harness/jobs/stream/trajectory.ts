import { CLIENT_THRESHOLD, SERVER_THRESHOLD } from '../../../protocol';
import type { Trajectory, TrajectoryPoint } from '../../../reports/results/model';
import { describeRequest } from './generate';
import type { StreamPoint } from './stream-event';

/** The most points that a trajectory keeps: of a longer stream every second is let go, again and again. */
export const MAX_POINTS = 10_000;
/** Points kept on each side of the first difference, whatever is let go. */
const AROUND_DIFFERENCE = 10;

/** Collects the trajectory of a stream of any length in bounded memory: all points, or an even sample and those around the first difference. */
export class TrajectoryCollector {
  #points: TrajectoryPoint[] = [];
  #stride = 1;
  #requests = 0;
  #capacity: number | null = null;
  #recent: TrajectoryPoint[] = [];
  #around: TrajectoryPoint[] = [];
  #first: { index: number; message: string } | undefined;
  #conclusive = false;
  #differences = 0;

  add(point: StreamPoint): void {
    this.#requests++;
    this.#capacity = Math.max(this.#capacity ?? 0, point.capacity);
    const kept = toPoint(point);
    if (point.difference !== null) {
      this.#differences++;
      this.#conclusive ||= !point.onTheEdge;
      if (this.#first === undefined) {
        this.#first = { index: point.index, message: point.difference };
        this.#around = [...this.#recent];
      }
    }
    if (this.#first !== undefined && point.index <= this.#first.index + AROUND_DIFFERENCE)
      this.#around.push(kept);
    this.#recent.push(kept);
    if (this.#recent.length > AROUND_DIFFERENCE) this.#recent.shift();
    if (point.index % this.#stride === 0) this.#points.push(kept);
    if (this.#points.length > MAX_POINTS) this.#thin();
  }

  get requests(): number {
    return this.#requests;
  }

  /** Answers that were not what the model says. */
  get differences(): number {
    return this.#differences;
  }

  /** True where some difference cannot be laid to a record at the very end of its 30 days. */
  get conclusive(): boolean {
    return this.#conclusive;
  }

  get firstDifference(): { readonly index: number; readonly message: string } | undefined {
    return this.#first;
  }

  /** The trajectory so far, in the order of the requests. */
  trajectory(): Trajectory {
    const byIndex = new Map(this.#points.map((point) => [point.index, point]));
    for (const point of [...this.#around, ...this.#recent]) byIndex.set(point.index, point);
    return {
      requests: this.#requests,
      thresholds: [SERVER_THRESHOLD, CLIENT_THRESHOLD],
      capacity: this.#capacity,
      points: [...byIndex.values()].sort((a, b) => a.index - b.index),
      ...(this.#first === undefined ? {} : { firstDifference: this.#first }),
    };
  }

  #thin(): void {
    this.#stride *= 2;
    this.#points = this.#points.filter(({ index }) => index % this.#stride === 0);
  }
}

function toPoint({ index, request, answered, expected, capacity, note }: StreamPoint): TrajectoryPoint {
  return {
    index,
    sent: describeRequest(request),
    recorded: null,
    answered,
    expected,
    capacity,
    ...(note === null ? {} : { note }),
  };
}
