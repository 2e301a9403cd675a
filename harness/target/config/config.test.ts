import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROFILES } from '../../model/profile';
import { UsageError } from '../../support/usage-error';
import {
  CONFIG_FILE,
  type Config,
  ConfigError,
  configSchema,
  findProfile,
  loadConfig,
  parseYaml,
  suggest,
} from '.';

const parse = (text: string): Config => parseYaml(text, 'c.yaml', configSchema);

function problemOf(text: string): ConfigError {
  try {
    parse(text);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigError).and.instanceOf(UsageError);
    return error as ConfigError;
  }
  throw new Error('it was accepted');
}

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

/** The example of the command line's description, every key of it. */
const EXAMPLE = `
target: 127.0.0.1:1688
profile: win7-2008r2
keyGroup: r2-c                                 # or grantsAny: true
controls:
  reset: ["./ctl", "reset"]                    # forget records and capacity, as a new host
  restart: ["./ctl", "restart"]                # restart the service
  advanceClock: ["./ctl", "advance", "{seconds}"]
budgets: { p99Ms: 50, rate: 200, idleCloseSeconds: 60 }
intervals: { activationMinutes: 120, renewalMinutes: 10080 }
domains: [corp.example]
expectedHosts: [kms01.corp.example]
dns: 127.0.0.1:5353
exclude: [ { id: CNT-14, reason: "known" } ]
`;

describe('configuration', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'config-test-'))));
  after(() => rm(folder, { recursive: true }));

  it('takes every key of the documented example', () => {
    expect(parse(EXAMPLE)).to.deep.equal({
      target: '127.0.0.1:1688',
      profile: 'win7-2008r2',
      keyGroup: 'r2-c',
      controls: {
        reset: ['./ctl', 'reset'],
        restart: ['./ctl', 'restart'],
        advanceClock: ['./ctl', 'advance', '{seconds}'],
      },
      budgets: { p99Ms: 50, rate: 200, idleCloseSeconds: 60 },
      intervals: { activationMinutes: 120, renewalMinutes: 10080 },
      domains: ['corp.example'],
      expectedHosts: ['kms01.corp.example'],
      dns: '127.0.0.1:5353',
      exclude: [{ id: 'CNT-14', reason: 'known' }],
    });
  });

  it('takes JSON, and nothing at all', () => {
    expect(parse('{"grantsAny": true}')).to.deep.equal({ grantsAny: true });
    expect(parse('')).to.deep.equal({});
    expect(parse('# only a comment\n')).to.deep.equal({});
  });

  const bad: [string, string, number | null, string, RegExp][] = [
    ['an unknown key', 'target: a\ntraget: b', 2, 'traget', /did you mean target\?/],
    ['an unknown inner key', 'controls:\n  rest: [a]', 2, 'controls.rest', /did you mean reset\?/],
    ['an unknown key like none', 'zzzzzz: 1', 1, 'zzzzzz', /no such key$/],
    [
      'an unknown key in a list',
      'exclude:\n- id: a\n  raeson: b\n  reason: c',
      3,
      'exclude[0].raeson',
      /reason\?/,
    ],
    ['a control that is one word', 'controls:\n  reset: ./ctl reset', 2, 'controls.reset', /list of words/],
    ['a control without a program', 'controls: { reset: [] }', 1, 'controls.reset', /program/],
    ['a control of an empty program', 'controls: { reset: [""] }', 1, 'controls.reset', /program/],
    ['a wrong key group', 'keyGroup: r3', 1, 'keyGroup', /expected one of vista/],
    ['a number as target', 'target: 1688', 1, 'target', /^expected text, there is 1688$/],
    [
      'an interval out of range',
      'intervals:\n  renewalMinutes: 14',
      2,
      'intervals.renewalMinutes',
      /^must be at least 15$/,
    ],
    [
      'an exclusion without reason',
      'exclude: [{id: A}]',
      1,
      'exclude[0].reason',
      /^is missing: expected text$/,
    ],
    [
      'an exclusion that is a word',
      'exclude: [CNT-14]',
      1,
      'exclude[0]',
      /an entry such as \{ id: CNT-14, reason/,
    ],
    [
      'a clock that is set by no time',
      'controls:\n  advanceClock: ["./ctl", "advance"]',
      2,
      'controls.advanceClock',
      /\{seconds\}/,
    ],
    ['a list as the whole', '- a', null, '', /^expected keys with values, there is a list$/],
    ['a key twice', 'target: a\ntarget: b', 2, 'target', /twice/],
    ['two documents', 'target: a\n---\ntarget: b', 2, '', /document/],
    ['broken YAML', 'a: [1', 1, '', /no YAML/],
    ['a tab', 'controls:\n\treset: [a]', 2, '', /tab/i],
  ];
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    bad.push([`the key ${key}`, `target: a\n${key}: {polluted: 1}`, 2, '', /is not allowed/]);
    bad.push([`the inner key ${key}`, `budgets:\n  "${key}": 1`, 2, 'budgets', /is not allowed/]);
  }
  for (const [name, text, line, path, problem] of bad) {
    it(`refuses ${name}, and says where`, () => {
      const error = problemOf(text);
      expect(error.problem).to.match(problem);
      expect([error.line, error.path]).to.deep.equal([line, path]);
      expect(error.message).to.contain('c.yaml');
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    });
  }

  it('refuses a bomb of aliases at once', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    expect(problemOf(`a0: &a0 [x]\n${levels.join('\n')}`).problem).to.match(/aliases/);
  });

  for (const [what, text, problem] of [
    ['keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1\n`).join(''), /holds more/],
    ['items', `exclude: [${'1,'.repeat(200_000)}1]`, /holds more/],
    ['anchors', `exclude: [${'&a 1,'.repeat(1001)}1]`, /1000 anchors/],
    ['aliases', `exclude: [&a 1,${'*a,'.repeat(1001)}1]`, /1000 anchors/],
  ] as const) {
    it(`refuses ${what} without number, before it makes anything of them`, () => {
      expect(problemOf(text).problem).to.match(problem);
    });
  }

  it('reads two thousand keys, none of which is held against all others', () => {
    const keys = Array.from({ length: 2000 }, (_, i) => `k${i}: 1\n`).join('');
    expect(problemOf(keys).problem).to.match(/no such key/);
  });

  it('refuses nesting without end', () => {
    expect(problemOf(`exclude: ${'['.repeat(200)}${']'.repeat(200)}`).problem).to.match(/nested|read/);
    expect(problemOf(`exclude: ${'['.repeat(20_000)}`)).to.be.instanceOf(ConfigError);
    const indented = Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');
    for (const text of ['[', '{a: [', '- ', '? ', '[? '].map((one) => one.repeat(9000)).concat(indented))
      expect(problemOf(text).problem, text.slice(0, 20)).to.equal('is nested too deeply');
  });

  describe('files', () => {
    it('reads kmsspec.yaml of the folder by itself, and a named one instead', async () => {
      expect(await loadConfig(undefined, folder)).to.deep.equal({ config: {}, file: null, folder });
      await writeFile(join(folder, CONFIG_FILE), 'target: one');
      await writeFile(join(folder, 'other.yaml'), 'target: two');
      expect((await loadConfig(undefined, folder)).config.target).to.equal('one');
      expect((await loadConfig('other.yaml', folder)).config.target).to.equal('two');
    });

    const contents: [string, string | Buffer | null, RegExp][] = [
      ['missing', null, /cannot be read \(there is no such file\)/],
      ['too large', Buffer.alloc((1 << 20) + 1, 0x20), /is larger than 1 MB/],
      ['Latin-1', Buffer.from('target: k\xfcms', 'latin1'), /not UTF-8/],
      ['UTF-16', Buffer.from('\ufefftarget: kms', 'utf16le'), /UTF-8|YAML/],
      ['binary', Buffer.from([0, 1, 2, 0xff, 0xfe]), /UTF-8|YAML/],
    ];
    for (const [name, content, problem] of contents) {
      it(`tells one that is ${name}`, async () => {
        const file = join(folder, `bad-${name.replace(' ', '-')}`);
        if (content !== null) await writeFile(file, content);
        const error = await rejection(loadConfig(file, folder));
        expect(error).to.be.instanceOf(ConfigError);
        expect(error.message).to.match(problem).and.contain(file);
      });
    }

    it('tells a folder', async () => {
      expect((await rejection(loadConfig('.', folder))).message).to.contain('it is a folder');
    });
  });

  describe('profiles', () => {
    it('are found by name and by file', async () => {
      expect(await findProfile(undefined, folder)).to.equal(PROFILES['win7-2008r2']);
      expect(await findProfile('vista-2008', folder)).to.equal(PROFILES['vista-2008']);
      const own = { ...PROFILES['vista-2008'], name: 'own' };
      await writeFile(join(folder, 'own.yaml'), JSON.stringify(own));
      expect(await findProfile('own.yaml', folder)).to.deep.equal(own);
    });

    it('suggest what was meant', async () => {
      expect((await rejection(findProfile('vista-2009', folder))).message).to.contain(
        'did you mean vista-2008?',
      );
      expect((await rejection(findProfile('toString', folder))).message).to.contain(
        'win7-2008r2, vista-2008',
      );
      await writeFile(join(folder, 'part.yaml'), 'name: part\ncountsVirtualMachine: true');
      expect((await rejection(findProfile('part.yaml', folder))).message).to.match(
        /part\.yaml:2: countsVirtualMachine: .*did you mean countsVirtualMachines\?/,
      );
      await writeFile(join(folder, 'few.yaml'), 'name: few');
      expect((await rejection(findProfile('few.yaml', folder))).message).to.match(
        /few\.yaml: countsVirtualMachines: is missing: expected true or false\n  countsVirtualMachines is whether/,
      );
    });
  });

  it('suggests near names only', () => {
    expect(suggest('exlude', ['include', 'exclude', 'target'])).to.equal('exclude');
    expect(suggest('TARGET', ['include', 'target'])).to.equal('target');
    expect(suggest('x', ['dns'])).to.equal(undefined);
    expect(suggest('a'.repeat(100_000), ['dns'])).to.equal(undefined);
  });
});
