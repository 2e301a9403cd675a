import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { parseReport, type Report } from '../../reports/results/model';
import { packageRoot } from '../../harness/support/package-root';
import { Cluster } from './cluster';

const EXAMPLE = join(packageRoot(), 'examples/slurm');
const SHARDS = 8;
/** Two whole blocks of the journal for each shard, and what is left over. */
const RUNS = SHARDS * 1100;
/** Which task is killed when its journal has a block. */
const VICTIM = 3;

/** Takes root, as CI has it: without, the tests fail and say so. */
describe('examples/slurm, on a cluster of one node', function () {
  this.timeout(240_000);
  let folder: string;
  let cluster: Cluster;
  let shared: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-slurm-'));
    chmodSync(folder, 0o755);
    cluster = await Cluster.start(folder);
    shared = join(folder, 'shared');
    mkdirSync(join(folder, 'bin'));
    mkdirSync(shared);
    const main = join(packageRoot(), 'dist/harness/cli/main.js');
    // The test kills the program itself, as the kernel does: its process is told by the shard.
    const pid = `[ "$1" != fuzz ] || echo $$ > "pid-$SLURM_ARRAY_TASK_ID"`;
    writeFileSync(
      join(folder, 'bin/kmsspec'),
      `#!/bin/sh\n${pid}\nexec "${process.execPath}" "${main}" "$@"\n`,
    );
    chmodSync(join(folder, 'bin/kmsspec'), 0o755);
  });
  after(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  });

  const read = (name: string): string => readFileSync(join(shared, name), 'utf8');
  const report = (name: string): Report => parseReport(read(name), name);

  /** Asks again and again, as nothing tells. @throws with what the cluster said where it takes too long */
  async function until<T>(what: string, look: () => T | undefined): Promise<T> {
    for (const end = Date.now() + 150_000; Date.now() < end; await later(50)) {
      const seen = look();
      if (seen !== undefined) return seen;
    }
    throw new Error(`no ${what}; the cluster said:\n${cluster.log.slice(-4000)}`);
  }

  const journalOf = (shard: number): string | undefined => {
    const out = join(shared, `findings-${shard}`);
    const name = existsSync(out) ? readdirSync(out).find((each) => each.startsWith('journal-')) : undefined;
    return name === undefined ? undefined : read(join(`findings-${shard}`, name));
  };
  const blocksOf = (journal: string): number[] =>
    journal
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => (JSON.parse(line.slice(line.indexOf('{'))) as { block: number }).block);

  /** @returns the number of the campaign's array */
  const submit = (settings: Readonly<Record<string, string>>): string => {
    const path = join(folder, 'bin') + delimiter + (process.env['PATH'] ?? '');
    const env = { ...process.env, ...cluster.env, PATH: path, SEED: '7', KMS_TARGET: '', ...settings };
    return execFileSync(join(EXAMPLE, 'submit.sh'), { cwd: shared, env, encoding: 'utf8' }).trim();
  };

  it('runs eight shards and a load; one that is killed goes on from its journal, and then all are merged', async () => {
    const id = submit({ RUNS: String(RUNS), RATE: '100', DURATION: '2s' });
    expect(id).to.match(/^\d+$/);

    const kept = await until('block in the journal', () => {
      const journal = journalOf(VICTIM);
      return journal?.endsWith('\n') && journal.split('\n').length > 2 ? journal : undefined;
    });
    process.kill(Number(read(`pid-${VICTIM}`)), 'SIGKILL');
    const requeued = await until('task that is requeued', () =>
      cluster.queue().find((line) => line.startsWith(`${id}_${VICTIM} `) && line.endsWith(' PENDING')),
    );
    expect(requeued).to.be.a('string');
    await until('end of all jobs', () => (cluster.queue().length === 0 ? true : undefined));

    const journal = journalOf(VICTIM)!;
    // Blocks that were done stay as they are, and none is run twice.
    expect(journal.startsWith(kept)).to.equal(true);
    expect(blocksOf(kept).length).to.be.within(1, 2);
    expect(blocksOf(journal).sort()).to.deep.equal([0, 1, 2]);

    const parts = Array.from({ length: SHARDS }, (_, index) => report(`fuzz-${index + 1}.json`));
    expect(parts.map(({ run }) => run.shard)).to.deep.equal(
      parts.map((_, index) => ({ index: index + 1, of: SHARDS })),
    );
    const merged = report('fuzz.json');
    expect(merged.run.shard).to.equal(null);
    expect(merged.run.ended ?? 'complete').to.equal('complete');
    expect(merged.coverage!.cases).to.equal(RUNS);
    expect(read('fuzz.html')).to.contain('<html');
    for (const task of [1, 2]) {
      const { latency, run } = report(`load-${task}.json`);
      expect(run.ended ?? 'complete').to.equal('complete');
      expect(latency!.askedPerSecond).to.equal(50);
    }
  });

  it('merges nothing where a shard fails', async () => {
    rmSync(shared, { recursive: true });
    mkdirSync(shared);
    submit({ RUNS: 'many', RATE: '10', DURATION: '1s' });
    await until('job that waits for what never comes', () =>
      cluster.queue().length === 1 ? true : undefined,
    );
    expect(existsSync(join(shared, 'fuzz.json'))).to.equal(false);
  });
});
