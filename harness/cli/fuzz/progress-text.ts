import { formatDuration } from '../../support/duration';
import type { Progress } from '../../jobs/fuzz';

/** How far a campaign is; null while none of it is known. */
export function progressText(progress: Progress | null): string {
  if (progress === null) return 'the campaign begins';
  const { cases, of, casesPerSecond, findings, secondsLeft } = progress;
  const left = secondsLeft === null ? '' : `, ${formatDuration(Math.round(secondsLeft))} left`;
  const total = of === null ? '' : ` of ${of}`;
  return `${cases}${total} cases, ${Math.round(casesPerSecond)} a second, ${countOf(findings)}${left}`;
}

export const countOf = (findings: number): string =>
  findings === 0 ? 'no finding' : findings === 1 ? '1 finding' : `${findings} findings`;
