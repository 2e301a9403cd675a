import { type Evidence, evidenceOfExchange } from '../../../harness/client/exchange-window';
import { granted, type Reply } from '../../../harness/jobs/suite/host/reply';
import { Deviation } from '../deviation';

/** One machine that asked on the journey, and what became of it. */
export interface Step {
  /** Who asked, for messages: `the 24th machine`. */
  readonly what: string;
  /** What was sent, in words. */
  readonly sent: string;
  readonly reply: Reply;
  /** The counts that would have been right; null where its count is. */
  readonly right: ReadonlySet<number> | null;
}

/** Machines that asked at the same time. */
export interface Together {
  readonly what: string;
  readonly sent: string;
  /** What is wrong with their answers; null where some order explains them. */
  readonly problem: Error | null;
  readonly evidence: readonly Evidence[];
}

/** The count of its answer. @throws NotGranted where it has none */
export const countOf = ({ reply }: Step): number => granted(reply).count;

/** @throws NotGranted, or Deviation where no conforming host would have answered so */
export function expectRight(step: Step | Together): void {
  if (!('reply' in step)) {
    if (step.problem !== null) throw step.problem;
    return;
  }
  const count = countOf(step);
  if (step.right === null) return;
  const expected = [...step.right].sort((a, b) => a - b).join(' or ');
  throw new Deviation({ subject: `the count of ${step.what}`, expected, received: `${count}` });
}

export const isRight = (seen: Step | Together): boolean =>
  'reply' in seen ? seen.reply.kind === 'granted' && seen.right === null : seen.problem === null;

export const evidenceOf = (seen: Step | Together): readonly Evidence[] =>
  'reply' in seen ? evidenceOfExchange(seen.reply.exchange) : seen.evidence;
