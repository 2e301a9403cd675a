import { Option, type Command } from 'commander';
import { PRODUCTS } from '../../../protocol';
import { CATALOGUE, SUITES } from '../../../scenarios/catalogue';
import { scenarioFiles } from '../../../scenarios/files';
import { FAULTS } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { sourceOf, suiteOf } from '../../jobs/suite/requirement-entry';
import type { KeyMeaning } from '../../support/meaning';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { keyRows, keysMarkdown } from '../reference/configuration-markdown';
import { fieldRows, fieldsMarkdown } from '../reference/fields-reference';
import { requirementsMarkdown } from '../reference/requirements-markdown';
import { type Row, table } from '../output/table';
import { terminalWidth } from '../output/terminal-width';
import { type CliContext, EXIT, type Verb } from '../verb';

type Format = 'text' | 'json' | 'markdown';

interface Listing {
  readonly rows: () => readonly Row[] | Promise<readonly Row[]>;
  /** Which columns a terminal shows, where all of them are too wide for it. */
  readonly columns?: readonly string[];
  /** Where Markdown is more than the table. */
  readonly markdown?: () => string;
}

const LISTINGS: Readonly<Record<string, Listing>> = {
  requirements: {
    rows: () =>
      CATALOGUE.map((entry) => ({
        id: entry.id,
        level: entry.level,
        title: entry.title,
        source: sourceOf(entry),
        ...(entry.slow === true ? { slow: 'with --slow' } : {}),
        ...(entry.noScenario === undefined ? {} : { untestable: entry.noScenario }),
      })),
    columns: ['id', 'level', 'title'],
    markdown: () => requirementsMarkdown(CATALOGUE, SUITES),
  },
  scenarios: {
    rows: async () => {
      // Loaded here: other lists do without it.
      /* eslint-disable @typescript-eslint/no-require-imports -- as above */
      const { listScenarios } =
        require('../../jobs/suite/mocha-run') as typeof import('../../jobs/suite/mocha-run');
      /* eslint-enable @typescript-eslint/no-require-imports */
      return (await listScenarios(scenarioFiles())).map(({ entry, needs }) => ({
        id: entry.id,
        suite: suiteOf(entry.id),
        needs: Object.keys(needs).join(', '),
        title: entry.title,
      }));
    },
  },
  faults: {
    rows: () =>
      FAULTS.map(({ name, sentence, requirements, keyGroup }) => ({
        name,
        requirements: requirements.join(', '),
        ...(keyGroup === undefined ? {} : { keyGroup }),
        sentence,
      })),
  },
  profiles: {
    rows: () =>
      Object.values(PROFILES).map(({ initialGraceDays, ...profile }) => ({
        ...profile,
        initialGraceDays: `client ${initialGraceDays.client}, server ${initialGraceDays.server}`,
      })),
  },
  products: {
    rows: () =>
      PRODUCTS.map(({ key, name, applicationId, kmsCountedId, requiredClientCount, keyGroups }) => ({
        key,
        threshold: requiredClientCount,
        kmsId: kmsCountedId,
        applicationId,
        keyGroups: keyGroups.join(', '),
        name,
      })),
  },
  fields: { rows: fieldRows, markdown: fieldsMarkdown },
  configuration: {
    rows: () => keyRows(configurationKeys()),
    columns: ['key', 'what it is'],
    markdown: () => keysMarkdown(configurationKeys()),
  },
};

function configurationKeys(): KeyMeaning[] {
  // Loaded here: other lists do without it.
  /* eslint-disable @typescript-eslint/no-require-imports -- as above */
  const { keyMeanings } = require('../../support/meaning') as typeof import('../../support/meaning');
  const { configSchema } = require('../../target/config') as typeof import('../../target/config');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return keyMeanings(configSchema);
}

/** `kmsspec list`: what there is to run, and against what. */
export const verb: Verb = {
  configure(command: Command): void {
    command.addOption(
      new Option('--format <FORM>', 'text, json or markdown (md)')
        .choices(['text', 'json', 'markdown', 'md'])
        .default('text'),
    );
  },

  choices: { what: Object.keys(LISTINGS) },

  async run(args, options, context): Promise<number> {
    const [what = 'requirements'] = args;
    const listing = LISTINGS[what];
    if (listing === undefined || !Object.hasOwn(LISTINGS, what)) throw unknown(what);
    const format = options['format'] as Format | 'md';
    await write(listing, format === 'md' ? 'markdown' : format, context);
    return EXIT.ok;
  },
};

async function write(listing: Listing, format: Format, { stdout }: CliContext): Promise<void> {
  if (format === 'markdown' && listing.markdown !== undefined) {
    stdout.write(listing.markdown());
    return;
  }
  const rows = await listing.rows();
  const width = terminalWidth(stdout);
  if (format === 'json') stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (format === 'markdown' || listing.columns === undefined) stdout.write(table(rows, format, width));
  else
    stdout.write(
      table(
        rows.map((row) => pick(row, listing.columns!)),
        format,
        width,
      ),
    );
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

function unknown(what: string): UsageError {
  const names = Object.keys(LISTINGS);
  const near = suggest(what, names);
  const advice = near === undefined ? `one of ${names.join(', ')}` : `did you mean ${near}?`;
  return new UsageError(`there is no list of ${what}: ${advice}`);
}
