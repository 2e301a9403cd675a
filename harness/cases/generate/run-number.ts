import type { FuzzCase } from '../case';
import { WINDOWS } from '../conduct/capabilities';

const GOLDEN = 0x9e3779b9;

/** An application of a run of a seed: another one for each run against the same host, and the very same for the first. */
export function inRun(application: string, run: number): string {
  if (run === 0 || application === WINDOWS) return application;
  const first = (Number.parseInt(application.slice(0, 8), 16) ^ Math.imul(run, GOLDEN)) >>> 0;
  return `${first.toString(16).padStart(8, '0')}${application.slice(8)}`;
}

/** A case as the n-th run of its seed sends it to a host: it asks for applications that the runs before did not. */
export function caseInRun(one: FuzzCase, run: number): FuzzCase {
  if (run === 0) return one;
  const [first, second] = one.applications;
  return { ...one, applications: [inRun(first, run), inRun(second, run)] };
}
