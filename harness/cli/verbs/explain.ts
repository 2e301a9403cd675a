import { jsonText } from '../../../reports/escape/json';
import type { Command } from 'commander';
import { resolve } from 'node:path';
import { USUAL_OUT } from '../../jobs/fuzz/fuzz-job';
import { differenceLines } from '../explain/difference-lines';
import { explainDifference } from '../explain/explain-difference';
import { explainFinding } from '../explain/explain-finding';
import { explainRequirement } from '../explain/explain-requirement';
import type { Explanation } from '../explain/explanation';
import { findingLines } from '../explain/finding-lines';
import { requirementLines } from '../explain/requirement-lines';
import { type Meant, whatIsMeant } from '../explain/what-is-meant';
import { checkStandardOutput, wholeNumber } from '../options/option-values';
import { linesOf } from '../output/listing';
import { openOutput } from '../output/output';
import { whileTelling } from '../output/progress-line';
import { withCapture } from '../pipeline/with-capture';
import { type CliContext, EXIT, type Verb } from '../verb';

interface ExplainFlags {
  readonly json?: string;
  readonly pcap?: string;
  readonly out: string;
  readonly seed: number;
  readonly slow?: boolean;
  readonly quiet?: boolean;
}

const MAX_SEED = 0xffffffff;

/** `kmsspec explain`: what a requirement asks for and how it is checked, what a finding of the fuzzer shows, or a difference of two hosts. */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option('--json <FILE>', 'write it as JSON (kmsspec.explanation/1); - is standard output')
      .option('--pcap <FILE>', 'keep all that was sent and received for it as a capture')
      .option('--out <DIR>', 'where findings lie that are named by their id', USUAL_OUT)
      .option('--seed <N>', 'of the run that is shown', wholeNumber(0, MAX_SEED), 1)
      .option('--slow', 'run it though its scenario takes minutes')
      .addHelpText(
        'after',
        '\nWHAT is the id of a requirement (kmsspec list), a finding of the fuzzer, or a difference of kmsspec diff: its id, its folder, or its finding.json or difference.json. Nobody but an embedded lab host is asked.',
      );
  },

  async run([word = ''], options, context): Promise<number> {
    const flags = options as unknown as ExplainFlags;
    checkStandardOutput(['json', 'pcap'], options);
    const meant = await whatIsMeant(word, flags.out, context.cwd);
    const explained = await explain(meant, flags, context);
    if (flags.json !== '-' && flags.pcap !== '-') context.stdout.write(linesOf(textOf(explained)));
    if (flags.json !== undefined) {
      const output = await openOutput(flags.json, context);
      await output.write(`${jsonText(explained, 2)}\n`);
      await output.finish();
    }
    return context.signal.aborted ? EXIT.interrupted : EXIT.ok;
  },
};

async function explain(meant: Meant, flags: ExplainFlags, context: CliContext): Promise<Explanation> {
  if (meant.kind === 'finding') return explainFinding(meant.out, meant.id);
  if (meant.kind === 'difference') return explainDifference(meant.folder);
  const { entry } = meant;
  const { seed, slow = false, quiet = false } = flags;
  const { signal } = context;
  const silent = quiet || flags.json === '-';
  const capture =
    flags.pcap === undefined || flags.pcap === '-' ? flags.pcap : resolve(context.cwd, flags.pcap);
  return withCapture(capture, context, (observer) =>
    whileTelling(
      context,
      silent,
      () => `${entry.id} runs against the embedded lab host`,
      () => explainRequirement(entry, { seed, slow, signal, observer }),
    ),
  );
}

function textOf(explained: Explanation): string[] {
  if (explained.kind === 'finding') return findingLines(explained);
  return explained.kind === 'difference' ? differenceLines(explained) : requirementLines(explained);
}
