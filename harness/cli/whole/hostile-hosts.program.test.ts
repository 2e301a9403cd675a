import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { Random } from '../../support/random';
import { HOSTILE_HOSTS, type HostBehaviour } from '../../testing/hostile-hosts';
import { atNamedHost, forgetNames, HOST_NAMES, type HostName, knowNames } from '../testing/hostile-names';
import { hostilePage } from '../testing/hostile-page';
import {
  againstHostileHost,
  HOSTILE_VERBS,
  type HostileRun,
  hostsFor,
  loadWithThreads,
  oneOfEachKind,
  severalAtOnce,
} from '../testing/hostile-runs';
import type { InProcessRun } from '../testing/in-process';
import { TEST_SEED } from '../../testing/test-seed';

const PAGE = join(packageRoot(), 'docs', 'hostile-hosts.md');
/** An answer is waited for 10 seconds at most, where a busy machine is late; some verbs try a few times. */
const LIMIT_MS = 60_000;
/** A campaign shrinks each thing that it finds for up to a minute. */
const FUZZ_LIMIT_MS = 240_000;
/** What eight runs of a verb side by side, and their hosts, may hold beside what the test run itself holds. */
const MAX_GROWTH = 200e6;
/** The same for eight campaigns that search and shrink, garbage that is not yet collected and all. */
const MAX_GROWTH_OF_CAMPAIGNS = 800e6;

/** Exit codes that the contract leaves to a bad host: failed, lost, nothing conclusive. */
const FAILING = [1, 3, 4];

describe('every verb against hostile hosts', function () {
  const seed = TEST_SEED;
  const atLength = process.env['KMSSPEC_HOSTILE_ALL'] === '1' ? Infinity : 1;
  this.timeout(atLength === 1 ? 300_000 : 1_800_000);
  /** What each verb made of each host, and of each name; filled by the tests, then held against the page. */
  const outcomes = new Map<string, Map<string, number>>();
  const names = new Map<string, Map<string, number>>();

  before(() => knowNames());
  after(() => forgetNames());

  it('meets at least 60 kinds of them', () => {
    const known = [...HOSTILE_HOSTS, ...HOST_NAMES].map(({ name }) => name);
    expect(HOSTILE_HOSTS.length).to.be.at.least(60);
    expect(new Set(known).size).to.equal(known.length);
  });

  for (const [name, verb] of Object.entries(HOSTILE_VERBS)) {
    it(`${name}: ends in time with a typed outcome, and leaves nothing behind (seed ${seed})`, async () => {
      const found = new Map<string, number>();
      outcomes.set(name, found);
      const hosts = hostsFor(name, atLength, new Random(seed).fork(name));
      const limit = name === 'fuzz' && atLength > 1 ? MAX_GROWTH_OF_CAMPAIGNS : MAX_GROWTH;
      await watched(limit, () =>
        severalAtOnce(hosts, async (behaviour) => {
          const run = await againstHostileHost(verb, behaviour);
          check(name, behaviour, run);
          found.set(behaviour.name, run.exitCode);
        }),
      );
    });

    it(`${name}: reaches a good host by any name, and tells of one that leads nowhere`, async () => {
      const found = new Map<string, number>();
      names.set(name, found);
      await watched(MAX_GROWTH, async () => {
        const good = (await atNamedHost(name, verb, PLAIN))!.run.exitCode;
        await severalAtOnce(HOST_NAMES, async (named) => {
          const result = await atNamedHost(name, verb, named);
          if (result === null) return;
          const { run, tookMs } = result;
          const where = `${name} at a host named ${named.name}: exit code ${run.exitCode}\n${run.stderr}`;
          checkTold(run, where);
          expect(tookMs, where).to.be.lessThan(LIMIT_MS);
          if (named.expected === 'good') expect(run.exitCode, where).to.equal(good);
          else if (name !== 'discover')
            // A proxy listens whether or not its target does, and tells of each connection that finds nobody.
            expect(run.exitCode, where).to.be.oneOf([...named.expected, ...(name === 'record' ? [0] : [])]);
          else expect(run.exitCode, where).to.be.oneOf(FAILING);
          found.set(named.name, run.exitCode);
        });
      });
    });
  }

  it('load with threads meets one host of each kind', async () => {
    await watched(MAX_GROWTH, () =>
      severalAtOnce(oneOfEachKind(), async (behaviour) => {
        const run = await againstHostileHost(loadWithThreads, behaviour);
        check('load', behaviour, run);
      }),
    );
  });

  it('stands in docs/hostile-hosts.md as it is (KMSSPEC_WRITE_DOCS=1 writes it)', () => {
    const before = readFileSync(PAGE, 'utf8');
    const page = hostilePage(outcomes, names, before);
    if (process.env['KMSSPEC_WRITE_DOCS'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).to.equal(page);
    // A cell that nobody ever ran would be empty, but for what discover cannot meet.
    expect(page.match(/\|  (?=\|)/g) ?? []).to.have.length(
      HOST_NAMES.filter(({ published }) => published === null).length,
    );
  });
});

/** The good host by its plain address, with which the others are compared. */
const PLAIN: HostName = {
  name: 'by its address',
  expected: 'good',
  listens: '127.0.0.1',
  target: ({ port }) => `127.0.0.1:${port}`,
  published: ['127.0.0.1'],
};

const resources = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((name) => /^(TCP|Timeout|UDP|Worker|MessagePort|Process)/.test(name))
    .sort();

/** What is held once closed sockets are gone, which takes some turns of the loop. */
async function settled(wanted: readonly string[]): Promise<string[]> {
  for (let turn = 0; turn < 100 && resources().length > wanted.length; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return resources();
}

/** Does a job, and sees that it leaves no socket, timer or thread, lets no rejection go unhandled, and holds little memory. */
async function watched(maxGrowth: number, job: () => Promise<void>): Promise<void> {
  // Mocha's own timer is set once the test has begun.
  await new Promise((resolve) => setImmediate(resolve));
  const before = resources();
  const memory = process.memoryUsage();
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  let most = 0;
  const watch = setInterval(() => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    most = Math.max(most, heapUsed + arrayBuffers - memory.heapUsed - memory.arrayBuffers);
  }, 20);
  try {
    await job();
    expect(await settled([...before, 'Timeout'])).to.deep.equal([...before, 'Timeout'].sort());
  } finally {
    clearInterval(watch);
    process.off('unhandledRejection', note);
  }
  expect(unhandled, 'rejections that nobody handled').to.deep.equal([]);
  expect(most, 'memory').to.be.lessThan(maxGrowth);
}

function check(verb: string, { name, client }: HostBehaviour, run: HostileRun): void {
  const where = `${verb} against a host that ${name}: exit code ${run.exitCode}, ${run.tookMs.toFixed(0)} ms\n${run.stderr}`;
  checkTold(run, where);
  expect(run.tookMs, where).to.be.lessThan(verb === 'fuzz' ? FUZZ_LIMIT_MS : LIMIT_MS);
  if (verb === 'record') return void expect(run.exitCode, where).to.equal(0);
  // Who gives no answer that can be read is never taken for a good host.
  if (!('answer' in client) || client.answer === 'malformed')
    expect(run.exitCode, where).to.be.oneOf(FAILING);
  else expect(run.exitCode, where).to.be.oneOf([0, ...FAILING]);
}

/** In a line or two, findings beside and how far it has come, without a stack trace, and without what a host may have put into a terminal. */
function checkTold({ stdout, stderr }: InProcessRun, where: string): void {
  expect(stderr, where).to.not.match(/unexpected:|\n {4}at /);
  const lines = new Set(stderr.split('\n').filter((line) => !line.startsWith('finding ')));
  // What is told of a campaign every ten seconds may be told again.
  expect(lines.size, where).to.be.at.most(4);
  expect(stdout + stderr, where).to.not.match(/[\x00-\x08\x0b-\x1f]/);
}
