import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { planSchema } from '../../jobs/fleet/plan-file';
import { baselineSchema } from '../../baseline/baseline';
import { packageRoot } from '../../support/package-root';
import { parseYaml } from '../../support/yaml-file';
import { configSchema, profileSchema } from '../../target/config';
import { changedAt, places } from '../testing/changed-value';
import { runInProcess } from '../testing/in-process';
import { SCHEMA_FOLDER, SCHEMA_NAMES, schemaComment, schemaFile, type SchemaName } from './schema-files';

const published = (name: SchemaName): string =>
  readFileSync(join(packageRoot(), SCHEMA_FOLDER, schemaFile(name)), 'utf8');

/** A day of the calendar, told by the calendar itself. */
const isDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month >= 1;
};

function validator(name: SchemaName): ValidateFunction {
  const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, logger: false });
  ajv.addFormat('date', { validate: isDay });
  return ajv.compile(JSON.parse(published(name)) as object);
}

/** A file of each kind with every key that there is. */
const FULL: Readonly<Record<string, { schema: z.ZodType; value: object }>> = {
  config: {
    schema: configSchema,
    value: {
      ...{ target: '127.0.0.1:1688', profile: 'vista-2008', keyGroup: 'r2-c', grantsAny: false },
      controls: {
        ...{
          reset: ['./ctl', 'reset'],
          restart: ['r'],
          advanceClock: ['./ctl', '{seconds}'],
          observe: ['o'],
          coverage: ['c'],
        },
        ...{ command: ['./ctl'], persistent: true, offers: ['reset', 'observe'] },
      },
      budgets: { p99Ms: 50, rate: 200, idleCloseSeconds: 60 },
      intervals: { activationMinutes: 15, renewalMinutes: 43_200 },
      ...{ domains: ['corp.example'], dns: '127.0.0.1:5353' },
      expectedHosts: ['kms01.corp.example', { host: 'kms02', domain: 'corp.example' }],
      exclude: [{ id: 'CNT-14', reason: 'known' }],
    },
  },
  baseline: {
    schema: baselineSchema,
    value: {
      schema: 'kmsspec.baseline/1',
      entries: [
        {
          ...{ id: 'CNT-14', outcome: 'failed', failureClass: 'expected N', reason: 'known' },
          ...{ ticket: 'OPS-17', expires: '2028-02-29' },
        },
      ],
    },
  },
  fleet: {
    schema: planSchema,
    value: {
      days: 90,
      groups: [
        {
          ...{ name: 'laptop', product: 'win7', count: 60, virtual: true, staysHours: 8, cloned: 0.5 },
          arrivals: { fromHour: 0, overHours: 72, spacing: 'even' },
          away: { share: 1, presentDays: 20, awayDays: 40 },
          incidents: [{ kind: 'reimage', everyDays: 200 }],
        },
      ],
      hosts: [{ priority: 0, weight: 65_535, outages: [{ fromHour: 480, toHour: 600 }] }],
    },
  },
  profile: {
    schema: profileSchema,
    value: {
      ...{ name: 'our-lab', countsVirtualMachines: true, failedRenewalRetryHours: 24 },
      ...{ discoveryUsesPriorityAndWeight: true, countSurvivesRestart: true },
      initialGraceDays: { client: 30, server: 60 },
    },
  },
};

/** Values that stand where they should, or should not. */
const OTHERS: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    0.5,
    14,
    1688,
    65_536,
    43_201,
    '',
    'x',
    'any',
    [],
    ['a'],
    [''],
    [1],
    {},
    { id: 'A' },
  ],
  ...['2027-02-29', '2027-13-01', '2028-02-29', '27-01-01', ['./ctl', 'advance'], ['', '{seconds}']],
];

const isAccepted = (schema: z.ZodType, value: unknown): boolean => {
  try {
    parseYaml(stringify(value), 'file.yaml', schema);
    return true;
  } catch {
    return false;
  }
};

/** Words of JSON Schema that stand where names of keys do. */
const KEYWORDS = ['properties', 'items', 'contains', 'dependentRequired'];

describe('the published schemas', () => {
  for (const name of SCHEMA_NAMES) {
    it(`${name}: is what the code gives (npm run schemas), and what the verb prints`, async () => {
      const { stdout, exitCode } = await runInProcess(['schema', name]);
      expect(exitCode).to.equal(0);
      expect(stdout).to.equal(published(name));
    });
  }

  for (const [name, { schema, value }] of Object.entries(FULL)) {
    const validate = validator(name as SchemaName);

    it(`${name}: takes a file with every key`, () => {
      expect(isAccepted(schema, value)).to.equal(true);
      expect(validate(value), JSON.stringify(validate.errors)).to.equal(true);
      const named = new Set(JSON.stringify(value).match(/"\w+":/g));
      for (const key of published(name as SchemaName).matchAll(/^ +"(\w+)": \{$/gm)) {
        if (!KEYWORDS.includes(key[1]!)) expect([...named], key[1]).to.include(`"${key[1]}":`);
      }
    });

    it(`${name}: an editor and the program agree on every change of it`, () => {
      const change = fc.tuple(
        fc.constantFrom(...places(value)),
        fc.constantFrom('set' as const, 'drop' as const, 'add' as const),
        fc.constantFrom(...OTHERS),
      );
      fc.assert(
        fc.property(change, ([path, how, other]) => {
          const changed = changedAt(value, path, how, other);
          // An empty file is a configuration without keys; a validator is not asked about it.
          fc.pre(changed !== null);
          expect(validate(changed), JSON.stringify(changed)).to.equal(isAccepted(schema, changed));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('say what each key is for, and what holds without it', () => {
    const { properties } = JSON.parse(published('config')) as {
      properties: Record<string, { description: string }>;
    };
    expect(properties['dns']!.description).to.equal(
      "DNS server to ask, `SERVER[:PORT]`; `--dns`. Without it: the system's",
    );
  });

  it('errors say what the key is for', () => {
    expect(() => parseYaml('dns: 5', 'c.yaml', configSchema)).to.throw(
      'c.yaml:1: dns: expected text, there is 5\n  dns is DNS server to ask, `SERVER[:PORT]`; `--dns`',
    );
  });

  it('are found by editors from where the file stands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-schema-'));
    try {
      const file = 'node_modules/kmsspec/reports/schema/kmsspec.baseline.1.json';
      const comment = (at: string) => schemaComment('baseline', join(folder, at));
      expect(comment('.')).to.equal(`# yaml-language-server: $schema=./${file}`);
      mkdirSync(join(folder, 'node_modules/kmsspec'), { recursive: true });
      expect(comment('.')).to.equal(`# yaml-language-server: $schema=./${file}`);
      expect(comment('ci/kms')).to.equal(`# yaml-language-server: $schema=../../${file}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('the verb tells which there are, and what was meant', async () => {
    const all = await runInProcess(['schema']);
    for (const name of SCHEMA_NAMES) expect(all.stdout).to.contain(schemaFile(name));
    const misspelt = await runInProcess(['schema', 'confg']);
    expect([misspelt.exitCode, misspelt.stderr]).to.deep.equal([
      2,
      'kmsspec: there is no schema of confg: did you mean config?\n',
    ]);
    expect((await runInProcess(['schema', '__proto__'])).stderr).to.contain('one of config, baseline');
  });

  describe('hold what we show', () => {
    for (const { where, text } of shown()) {
      it(where, () => {
        const [, name = ''] = /\$schema=\S*kmsspec\.(\w+)\.1\.json/.exec(text) ?? [];
        expect(SCHEMA_NAMES, 'a line # yaml-language-server: $schema=…').to.include(name);
        const validate = validator(name as SchemaName);
        expect(validate(parse(text)), JSON.stringify(validate.errors)).to.equal(true);
      });
    }

    it('which are several', () => expect(shown()).to.have.length.greaterThan(4));
  });
});

/** Files of ours and blocks of the pages that are of a kind with a schema. */
function shown(): { where: string; text: string }[] {
  const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');
  const files = ['examples/fleet-branch-office.yaml', 'examples/ci/kms-baseline.yaml'];
  const pages = ['configuration', 'outcomes', 'profiles', 'start-implementers', 'start-qa', 'start-ci'];
  const blocks = pages.flatMap((page) =>
    [...read(`docs/${page}.md`).matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = ''], index) => ({
      where: `docs/${page}.md, block ${index + 1}`,
      text,
    })),
  );
  return [...files.map((file) => ({ where: file, text: read(file) })), ...blocks];
}
