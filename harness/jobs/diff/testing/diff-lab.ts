import { CASE_LEVELS } from '../../../cases/case';
import { FAULTS, type Fault, type LabHostOptions } from '../../../lab-host';
import { openTarget } from '../../../target';
import { diff, type DiffOutcome, type DiffPlan } from '..';

const PLAN: DiffPlan = {
  ...{ seed: 1, levels: CASE_LEVELS, corpus: null, runs: 0, milliseconds: 50_000, timeoutMs: 1000 },
};

/** Compares two lab hosts of this process. */
export async function diffLabs(
  one: LabHostOptions,
  other: LabHostOptions,
  plan: Partial<DiffPlan> = {},
): Promise<DiffOutcome> {
  const [a, b] = [
    await openTarget({ lab: { seed: 1, ...one } }),
    await openTarget({ lab: { seed: 2, ...other } }),
  ];
  try {
    return await diff({ ...PLAN, ...plan }, { target: a, name: 'A' }, { target: b, name: 'B' });
  } finally {
    await a.close();
    await b.close();
  }
}

const OF_TIME = new Set(['TIME-01', 'TIME-04', 'TIME-08']);

/** Faults that show in more than how long the host takes. */
export const FAULTS_BESIDE_TIME: readonly Fault[] = FAULTS.filter(
  ({ requirements, deep }) => deep !== undefined || requirements.some((id) => !OF_TIME.has(id)),
);

/** What both hosts need for a fault of one of them to show. */
export function groundOf({ keyGroup, requirements }: Fault): LabHostOptions {
  return {
    ...(keyGroup === undefined ? {} : { keyGroup }),
    ...(requirements.includes('TIME-07') ? { checkClock: true } : {}),
  };
}

/** What a comparison with the clean host tells of one fault first. */
export interface FaultRow {
  readonly name: string;
  readonly told: boolean;
  readonly seconds: number;
  readonly requests: number | null;
  readonly words: string;
}

/** @param milliseconds after which it is not told */
export async function faultRow(fault: Fault, milliseconds: number): Promise<FaultRow> {
  const ground = groundOf(fault);
  const startedAt = performance.now();
  let told: { requests: number; words: string } | null = null;
  try {
    const { sections, ended } = await diffLabs(
      ground,
      { ...ground, faults: [fault.name] },
      {
        ...{ runs: null, milliseconds, stopOnDifference: true },
      },
    );
    const [finding] = sections.findings;
    if (finding !== undefined) told = { requests: finding.requests, words: finding.message };
    else if (ended?.how === 'target-died')
      told = { requests: 0, words: ended.message ?? 'the host was lost' };
  } catch (error) {
    // A host that answers no good request is told before anything is compared.
    told = { requests: 1, words: (error as Error).message.replace(/^127\.0\.0\.1:\d+/, 'B') };
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    name: fault.name,
    told: told !== null,
    seconds,
    requests: told?.requests ?? null,
    words: told?.words ?? '',
  };
}
