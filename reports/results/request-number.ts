import type { Trajectory } from './sections';

/**
 * The number of a request as its verb tells it: a replay counts as its capture does, whose exchanges begin at 0 in `inspect` too; a stream
 * of its own begins at 1.
 */
export function requestNumber({ points }: Trajectory): (index: number) => number {
  const first = points.some(({ recorded }) => recorded !== null) ? 0 : 1;
  return (index) => index + first;
}
