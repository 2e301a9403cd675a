import type { Report } from './model';
import { ReportError } from './report-error';

/** One of several reports that become one, and the name under which errors speak of it, such as its file. */
export interface Part {
  readonly report: Report;
  readonly where: string;
}

/** A section, and the part that it is in. */
export interface Held<T> {
  readonly section: T;
  readonly where: string;
}

/** The error for parts that are not of one run. */
export function refusal(where: string, path: string, problem: string, advice: string): ReportError {
  return new ReportError({ code: 'parts-do-not-belong-together', where, path, problem, advice });
}
