import type { Report } from './model';

/** One of several reports that become one, and the name under which errors speak of it, such as its file. */
export interface Part {
  readonly report: Report;
  readonly where: string;
}
