import { readAnswer } from '../../../protocol';
import { Random } from '../../support/random';
import { inRun } from '../generate/run-number';
import type { RunContext } from './capabilities';
import { CaseConnection } from './case-connection';
import { askFor } from './probe';

/** Runs of one seed against one host that are told apart. */
const MOST_RUNS = 1000;

/**
 * How often this seed was run against the host before: the same cases again would meet what they have left. A marker, an application of the seed
 * and the run, tells: the first to ask for it is counted 1.
 * @param nowMs by which the machine that asks is another one each time
 */
export async function findRun(context: RunContext, seed: number, nowMs: number): Promise<number> {
  const marker = new Random(seed).fork('marker').guid();
  const machine = new Random(nowMs >>> 0).fork('marker').guid();
  for (let run = 0; run < MOST_RUNS; run++) {
    const count = await countOf(context, inRun(marker, run), machine);
    if (count === null || count <= 1) return run;
  }
  return MOST_RUNS;
}

async function countOf(context: RunContext, application: string, machine: string): Promise<number | null> {
  const caseConnection = await CaseConnection.open(context);
  try {
    const heard = await askFor(caseConnection, context, { application, machine });
    const answer = heard.kind === 'call' ? readAnswer(heard.pdu, 'ndr32') : null;
    return answer?.kind === 'response' ? answer.value.currentClientCount : null;
  } finally {
    caseConnection.drop('fin');
  }
}
