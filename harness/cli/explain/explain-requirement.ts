import { KEY_GROUPS, type KeyGroup } from '../../../protocol';
import { conversationWords } from '../../../reports/evidence/pdu-words';
import { commandLine } from '../../../reports/results/command-line';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { scenarioFiles } from '../../../scenarios/files';
import type { ConnectionObserver } from '../../client';
import { listScenarios } from '../../jobs/suite/mocha-run';
import { type Needs, needsInWords } from '../../jobs/suite/needs';
import type { RequirementEntry } from '../../jobs/suite/requirement-entry';
import { runSuite } from '../../jobs/suite/run-suite';
import { type Fault, FAULTS } from '../../lab-host';
import { openTarget } from '../../target';
import { cited } from './cited';
import { Conversation } from './conversation';
import type { RequirementExplanation } from './explanation';

export interface ExplainOptions {
  readonly seed: number;
  /** Scenarios that take minutes are run too. */
  readonly slow: boolean;
  readonly signal: AbortSignal;
  /** Hears all that is sent and received. */
  readonly observer?: ConnectionObserver | undefined;
}

/** The lab host answers at once. */
const TIMEOUT_MS = 15_000;
/** What a configuration would have to say, for what goes by it. */
const BUDGETS = { p99Ms: 1000, rate: 50, idleCloseSeconds: 60 };

/** What a requirement says and how it is checked: by a run of its scenario against the embedded lab host. */
export async function explainRequirement(
  entry: RequirementEntry,
  options: ExplainOptions,
): Promise<RequirementExplanation> {
  const scenarios = (await listScenarios(scenarioFiles())).filter((one) => one.entry.id === entry.id);
  const needs: Needs = Object.assign({}, ...scenarios.map((one) => one.needs)) as Needs;
  const notRun = whyNotRun(entry, options);
  return {
    schema: 'kmsspec.explanation/1',
    kind: 'requirement',
    requirement: cited(entry),
    ...(entry.usually === undefined ? {} : { usually: entry.usually }),
    needs: needsInWords(needs),
    ...(notRun === undefined ? { run: await firstThatPasses(entry, needs, options) } : { notRun }),
    faults: FAULTS.filter(({ requirements }) => requirements.includes(entry.id)).map((fault) => ({
      name: fault.name,
      sentence: fault.sentence,
      repeat: commandLine(['kmsspec', 'run', entry.id, ...faultWords(fault)]),
    })),
    repeat: commandLine(['kmsspec', 'run', entry.id, '--target', 'HOST']),
  };
}

function whyNotRun({ noScenario, slow }: RequirementEntry, options: ExplainOptions): string | undefined {
  if (noScenario !== undefined) return `no scenario checks it: ${noScenario}`;
  return slow === true && !options.slow ? 'its scenario takes minutes: --slow runs it' : undefined;
}

const faultWords = ({ name, keyGroup }: Fault): string[] => [
  ...(keyGroup === undefined ? [] : ['--key-group', keyGroup]),
  ...['--fault', name],
];

type Run = NonNullable<RequirementExplanation['run']>;

/** What goes by the host's key group is not checked by every one of them. */
async function firstThatPasses(entry: RequirementEntry, needs: Needs, options: ExplainOptions): Promise<Run> {
  if (needs.keyGroup !== true) return runOnce(entry, undefined, options);
  let first: Run | null = null;
  for (const keyGroup of KEY_GROUPS) {
    const run = await runOnce(entry, keyGroup, options);
    if (run.outcome === 'passed' || options.signal.aborted) return run;
    first ??= run;
  }
  return first!;
}

async function runOnce(
  { id }: RequirementEntry,
  keyGroup: KeyGroup | undefined,
  { seed, slow, signal, observer }: ExplainOptions,
): Promise<Run> {
  const conversation = new Conversation();
  const target = await openTarget({ keyGroup, timeoutMs: TIMEOUT_MS, signal, lab: { seed } });
  try {
    const plan = {
      catalogue: CATALOGUE,
      selection: { words: [id], exclude: [], require: [], slow, shard: null },
      files: scenarioFiles(),
      timeoutMs: TIMEOUT_MS,
      seed,
      budgets: BUDGETS,
      scenarioObserver: () => conversation,
    };
    const { results } = await runSuite(plan, { target, observer }, { signal });
    const { outcome, reason, message, notes = [] } = results[0]!;
    const { evidence, leftOut, connections } = conversation.kept;
    const words = conversationWords(evidence);
    const why = reason ?? message;
    return {
      ...{ outcome, seed, connections, leftOut, notes },
      ...(why === undefined ? {} : { reason: why }),
      ...(keyGroup === undefined ? {} : { keyGroup }),
      exchange: evidence.map((pdu, at) => ({ ...pdu, words: words[at]! })),
    };
  } finally {
    await target.close();
  }
}
