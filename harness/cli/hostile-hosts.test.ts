import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root';
import { HOSTILE_HOSTS, type HostBehaviour } from '../testing/hostile-hosts';
import {
  againstHostileHost,
  HOSTILE_VERBS,
  type HostileRun,
  hostsFor,
  severalAtOnce,
} from './testing/hostile-runs';

const PAGE = join(packageRoot(), 'docs', 'hostile-hosts.md');
/** An answer is waited for 2.5 seconds at most, and some verbs try a few times. */
const LIMIT_MS = 20_000;
/** What a verb may hold beside what the test run itself holds. */
const MAX_GROWTH = 200e6;

/** Exit codes that the contract leaves to a bad host: failed, lost, nothing conclusive. */
const FAILING = [1, 3, 4];

/** What each verb made of each host; filled by the tests, then held against the page. */
const outcomes = new Map<string, Map<string, number>>();

const clientCell = ({ client }: HostBehaviour): string => {
  if ('answer' in client) return client.answer;
  const stage = client.stage instanceof RegExp ? client.stage.source.replace('|', ' or ') : client.stage;
  return `${client.kind} at ${stage}`;
};

describe('every verb against hostile hosts', function () {
  this.timeout(60_000);

  const resources = (): string[] =>
    process
      .getActiveResourcesInfo()
      .filter((name) => /^(TCP|Timeout|UDP)/.test(name))
      .sort();
  /** What is held once closed sockets are gone, which takes some turns of the loop. */
  const settled = async (wanted: readonly string[]): Promise<string[]> => {
    for (let turn = 0; turn < 100 && resources().length > wanted.length; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    return resources();
  };

  it('meets at least 60 kinds of them', () => {
    const names = HOSTILE_HOSTS.map(({ name }) => name);
    expect(names.length).to.be.at.least(60);
    expect(new Set(names).size).to.equal(names.length);
  });

  for (const [name, verb] of Object.entries(HOSTILE_VERBS)) {
    it(`${name}: ends in time with a typed outcome, and leaves nothing behind`, async () => {
      // Mocha's own timer is set once the test has begun.
      await new Promise((resolve) => setImmediate(resolve));
      const before = resources();
      const memory = process.memoryUsage();
      const found = new Map<string, number>();
      let most = 0;
      const watch = setInterval(() => {
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        most = Math.max(most, heapUsed + arrayBuffers - memory.heapUsed - memory.arrayBuffers);
      }, 20);
      try {
        await severalAtOnce(hostsFor(name), async (behaviour) => {
          const run = await againstHostileHost(verb, behaviour);
          check(name, behaviour, run);
          found.set(behaviour.name, run.exitCode);
        });
      } finally {
        clearInterval(watch);
      }
      outcomes.set(name, found);
      expect(most, 'memory').to.be.lessThan(MAX_GROWTH);
      expect(await settled(before)).to.deep.equal(before);
    });
  }

  it('stands in docs/hostile-hosts.md as it is (KMSSPEC_WRITE_DOCS=1 writes it)', () => {
    const page = pageOf();
    if (process.env['KMSSPEC_WRITE_DOCS'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).to.equal(page);
  });
});

function check(verb: string, { name, client }: HostBehaviour, run: HostileRun): void {
  const where = `${verb} against a host that ${name}: exit code ${run.exitCode}, ${run.tookMs.toFixed(0)} ms\n${run.stderr}`;
  expect(run.stderr, where).to.not.match(/unexpected:|\n {4}at /);
  expect(run.stderr.split('\n').length, where).to.be.at.most(4);
  expect(run.stdout, where).to.not.match(/[\x00-\x08\x0b-\x1f]/);
  expect(run.tookMs, where).to.be.lessThan(LIMIT_MS);
  if (verb === 'record') return void expect(run.exitCode, where).to.equal(0);
  // Who gives no answer that can be read is never taken for a good host.
  if (!('answer' in client) || client.answer === 'malformed')
    expect(run.exitCode, where).to.be.oneOf(FAILING);
  else expect(run.exitCode, where).to.be.oneOf([0, ...FAILING]);
}

/** A reset may be seen while connecting or behind it, and then stands for a host that is gone or for a bad one. */
function codeCell(verb: string, { name, client }: HostBehaviour): string {
  const code = outcomes.get(verb)?.get(name);
  if (code === undefined) return '';
  const either = 'stage' in client && client.stage instanceof RegExp && (code === 1 || code === 3);
  if (either) return '1 or 3';
  // A load run of some milliseconds may end with an answer under way, which then counts as lost.
  const unlucky = verb === 'load' && 'answer' in client && client.answer !== 'malformed';
  return unlucky && (code === 0 || code === 1) ? '0 or 1' : String(code);
}

function pageOf(): string {
  const verbs = Object.keys(HOSTILE_VERBS);
  const rows = HOSTILE_HOSTS.map((behaviour) => [
    behaviour.name,
    clientCell(behaviour),
    ...verbs.map((verb) => codeCell(verb, behaviour)),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${INTRODUCTION}
${line(['a host that …', 'one activation', ...verbs])}
${line(['---', '---', ...verbs.map(() => '--:')])}
${rows.map(line).join('\n')}
`;
}

const INTRODUCTION = `# Hostile hosts

What the harness makes of hosts that misbehave: how one activation by the client ends, and the exit code of every verb that talks to a
host. It is generated by the tests that hold it (\`harness/cli/hostile-hosts.test.ts\`), which also check that each run ends in time,
tells its outcome in a line or two, holds little memory, and leaves no socket or timer behind.

An activation ends in an answer of some kind (\`response\`, \`refusal\`, \`fault\`, \`malformed\`, \`sealed\`), or in a failure at a stage.
Exit codes: 0 as it should be, 1 a failure, 3 the target could not be reached or died, 4 nothing conclusive. \`record\` judges nobody
and passes on what it sees, so it ends with 0; \`load\` and \`fuzz\`, which start threads, meet one host of each kind of outcome. A single answer may be all that a verb asks for: what a host does behind it then
changes nothing.
`;
