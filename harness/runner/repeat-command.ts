import { commandLine } from '../../reports/command-line';

/** Options of `run` that choose what is run, or where results go: they are no part of what makes a failure come again. */
const VALUED = new Set([
  '--include',
  '--exclude',
  '--shard',
  '--repeat',
  '--baseline',
  '--json',
  '--junit',
  '--html',
  '--markdown',
  '--pcap',
  '--fail-on',
  '--seed',
]);
const FLAGS = new Set(['--shuffle', '--update-baseline', '--quiet', '--verbose', '--no-color', '--slow']);

/**
 * The command line that runs one requirement again as this run did.
 * @param argv the run's own, from the verb on
 * @param words its positional arguments
 */
export function repeatCommand(
  argv: readonly string[],
  words: readonly string[],
  seed: number,
): (id: string) => string {
  const kept = argv.length === 0 ? [] : withoutSelection(argv.slice(1), new Set(words));
  return (id) => commandLine(['kmsspec', 'run', id, ...kept, '--seed', String(seed)]);
}

function withoutSelection(argv: readonly string[], words: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    const name = word.split('=', 1)[0]!;
    if (FLAGS.has(word)) continue;
    if (VALUED.has(name)) {
      if (name === word) i++;
      continue;
    }
    const isValue = i > 0 && argv[i - 1]!.startsWith('--') && kept.at(-1) === argv[i - 1];
    if (words.has(word) && !isValue) continue;
    kept.push(word);
  }
  return kept;
}
