import { HostFailure } from '../../client';
import type { Random } from '../../support/random';
import type { RunContext } from './capabilities';
import { CaseConnection } from './case-connection';
import { askGood } from './probe';

/** How quick a host is, and how much it does at a time. */
export interface Pace {
  /** What a good request takes, its connection and bind included, in ms. */
  readonly answerMs: number;
  /** It answers on a connection while another is open. */
  readonly servesSeveral: boolean;
  /** Several good requests at a time take no longer than a few one after the other. */
  readonly worksSideBySide: boolean;
}

const TOGETHER = 8;
/** A host that works side by side takes less than this share of what so many take in a row. */
const SHARE = 0.5;
/** Below, a host is quick, whatever it does at a time. */
const QUICK_MS = 5;
/** One that serves a connection at a time says nothing on another: for so many answers, and at least so long. */
const SILENT_ANSWERS = 10;
const SILENT_LEAST_MS = 300;

/** Measures a host that answers good requests. */
export async function learnPace(context: RunContext, random: Random): Promise<Pace> {
  const answerMs = await timed(() => askOnce(context, random));
  const timeoutMs = Math.min(context.timeoutMs, Math.max(SILENT_LEAST_MS, SILENT_ANSWERS * answerMs));
  const servesSeveral = await besideAnother({ ...context, timeoutMs }, random);
  if (answerMs < QUICK_MS || !servesSeveral)
    return { answerMs, servesSeveral, worksSideBySide: servesSeveral };
  const togetherMs = await timed(() =>
    Promise.all(Array.from({ length: TOGETHER }, () => askOnce(context, random))),
  );
  return { answerMs, servesSeveral, worksSideBySide: togetherMs < SHARE * TOGETHER * answerMs };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

/** @returns whether it was answered */
async function askOnce(context: RunContext, random: Random): Promise<boolean> {
  try {
    const caseConnection = await CaseConnection.open(context);
    try {
      return (await askGood(caseConnection, context, random, context.timeoutMs)).kind === 'call';
    } finally {
      caseConnection.drop('fin');
    }
  } catch (error) {
    if (error instanceof HostFailure) return false;
    throw error;
  }
}

/** Asks while another connection is bound and idle. */
async function besideAnother(context: RunContext, random: Random): Promise<boolean> {
  const idle = await CaseConnection.open(context).catch(() => null);
  try {
    await idle?.contextFor('ndr32');
    return await askOnce(context, random);
  } finally {
    idle?.drop('fin');
  }
}

const USUAL_LANES = 16;
const MAX_LANES = 128;
/** Lanes to a millisecond that an answer takes: waits are spent beside other cases. */
const LANES_A_MS = 4;
/** Behind one another, so many calls are at most under way as come back within a share of the deadline. */
const DEADLINE_SHARE = 0.1;

/** How many cases run at a time, where nobody said. */
export function lanesFor({ answerMs, servesSeveral, worksSideBySide }: Pace, timeoutMs: number): number {
  if (!servesSeveral) return 1;
  if (worksSideBySide) return Math.min(MAX_LANES, Math.max(USUAL_LANES, Math.round(LANES_A_MS * answerMs)));
  return Math.min(USUAL_LANES, Math.max(1, Math.floor((DEADLINE_SHARE * timeoutMs) / answerMs)));
}

/** Of cases that wait for a host that says nothing, beside those that it answers. */
const MORE_LANES = 48;

/** How many more cases run at a time, while as many wait for nothing: a host that does one after the other would not come to them in time. */
export const moreLanesFor = ({ worksSideBySide }: Pace): number => (worksSideBySide ? MORE_LANES : 0);
