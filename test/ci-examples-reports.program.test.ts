import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  CI_EXAMPLES,
  documentsOf,
  exampleLines,
  kmsspecLines,
  type ExampleLine,
} from './testing/ci-examples';

const version = (
  JSON.parse(readFileSync(join(CI_EXAMPLES, '..', '..', 'package.json'), 'utf8')) as { version: string }
).version;

/** The words that a shell hands to kmsspec, in this environment. */
function wordsOf({ line, env }: ExampleLine, more: Record<string, string> = {}): string[] {
  const script = `kmsspec() { printf '%s\\n' "$@"; }\n${line}`;
  return execFileSync('sh', ['-euc', script], {
    encoding: 'utf8',
    env: { ...env, ...more },
    cwd: CI_EXAMPLES,
  })
    .trimEnd()
    .split('\n');
}

const valueOf = (words: readonly string[], option: string): string | undefined =>
  words[words.indexOf(option) + 1];

describe('the CI examples', () => {
  it('parse, and call kmsspec where they should', () => {
    expect(
      exampleLines().map(({ file, where, line }) => `${file} ${where}: ${line.split(' ')[1]}`),
    ).to.deep.equal([
      'github.yml gate: Conformance: run',
      'github.yml fuzz: Campaign: fuzz',
      'github.yml fuzz-report: One report: merge',
      'pages.yml matrix: Conformance: run',
      'pages.yml matrix: Site: matrix',
      'minimal.yml kms: : run',
      'diff.yml diff: Differences: diff',
      'gitlab.yml kms-conformance: run',
      '../../templates/kmsspec.yml kmsspec: run',
      'azure.yml KMS conformance: run',
      'Jenkinsfile KMS conformance: run',
      'kubernetes.yaml kms-fuzz: kmsspec: fuzz',
      'kubernetes.yaml kms-fuzz-report: kmsspec: merge',
    ]);
  });

  it('set every variable that their lines use', () => {
    for (const example of exampleLines()) {
      const words = wordsOf(example, { JOB_COMPLETION_INDEX: '0' });
      expect(words, example.where).not.to.include('');
      // The minimal one and the component check a lab host of their own, so that they need no host to begin with.
      if (/^(run|fuzz)$/.test(words[0]!) && !/minimal|templates/.test(example.file))
        expect(valueOf(words, '--target')).to.match(/:1688$/);
    }
  });

  it('shard by the matrix: as many jobs as the shard says', () => {
    const [workflow] = documentsOf('github.yml') as [
      { jobs: { fuzz: { strategy: { matrix: { shard: number[] } }; env: { SHARD: string } } } },
    ];
    const { strategy, env } = workflow.jobs.fuzz;
    const of = Number(env.SHARD.split('/')[1]);
    expect(strategy.matrix.shard).to.deep.equal(Array.from({ length: of }, (_, index) => index + 1));
  });

  it('shard by the index of the pod, from 1 on, and give every part its own file', () => {
    const fuzz = exampleLines().find(
      ({ file, line }) => file === 'kubernetes.yaml' && line.startsWith('kmsspec fuzz'),
    )!;
    const job = (
      documentsOf('kubernetes.yaml') as {
        metadata: { name: string };
        spec: { completions: number; parallelism: number; completionMode: string };
      }[]
    )[1]!;
    expect(job.spec.completionMode).to.equal('Indexed');
    const shards = Array.from({ length: job.spec.completions }, (_, index) => {
      const words = wordsOf(fuzz, { JOB_COMPLETION_INDEX: String(index) });
      return [valueOf(words, '--shard'), valueOf(words, '--json')];
    });
    expect(shards[0]).to.deep.equal(['1/16', 'part-0.json']);
    expect(shards.at(-1)).to.deep.equal(['16/16', 'part-15.json']);
    expect(new Set(shards.flat()).size).to.equal(2 * job.spec.completions);
  });

  it('name this version', () => {
    for (const file of new Set(exampleLines().map((line) => line.file))) {
      const text = readFileSync(join(CI_EXAMPLES, file), 'utf8');
      const named = [...text.matchAll(/kmsspec[@:-](\d+\.\d+\.\d+[\w-]*)/g)].map(([, found]) => found);
      expect(named.length, file).to.be.greaterThan(0);
      for (const found of named) expect(found, file).to.equal(version);
    }
  });

  it('publish the site that the matrix was written to, with the rights of their job alone', () => {
    const [workflow] = documentsOf('pages.yml') as [
      {
        permissions: Record<string, string>;
        jobs: Record<
          'matrix' | 'publish',
          { permissions: Record<string, string>; steps: { uses?: string; with?: { path?: string } }[] }
        >;
      },
    ];
    const { matrix, publish } = workflow.jobs;
    const upload = matrix.steps.find(({ uses = '' }) => uses.startsWith('actions/upload-pages-artifact@'));
    const line = exampleLines().find(({ where }) => where === 'matrix: Site')!;
    expect(valueOf(wordsOf(line), '--out')).to.equal(upload!.with!.path);
    expect(workflow.permissions).to.deep.equal({ contents: 'read' });
    expect(matrix.permissions).to.deep.equal({ contents: 'write' });
    expect(publish.permissions).to.deep.equal({ pages: 'write', 'id-token': 'write' });
  });

  it('hand each input of the component to kmsspec as it is written, and none that is not set', () => {
    const component = exampleLines().find(({ file }) => file.endsWith('templates/kmsspec.yml'))!;
    const given = {
      KMS_ARGS: 'MSG-0? RPC',
      KMS_TARGET: 'h:1',
      KMS_BASELINE: 'known hosts.yaml',
      KMS_REQUIRE: 'MSG-0?',
    };
    const reports = ['report.json', 'junit.xml', 'report.html'].map((name) => `kmsspec-report/${name}`);
    const rest = ['--json', '--junit', '--html'].flatMap((option, index) => [option, reports[index]!]);
    expect(wordsOf(component)).to.deep.equal(['run', ...rest]);
    expect(wordsOf(component, given)).to.deep.equal([
      ...[
        'run',
        'MSG-0?',
        'RPC',
        '--target',
        'h:1',
        '--baseline',
        'known hosts.yaml',
        '--require',
        'MSG-0?',
        ...rest,
      ],
    ]);
  });

  it('keep reports when the run fails, and hand JUnit to GitLab', () => {
    const [gitlab] = documentsOf('gitlab.yml') as [
      Record<string, { artifacts: { when: string; reports: { junit: string } }; script: string[] }>,
    ];
    const { artifacts, script } = gitlab['kms-conformance']!;
    expect(artifacts.when).to.equal('always');
    expect(script[0]).to.contain(`--junit ${artifacts.reports.junit}`);
  });

  it('joins lines that go on', () => {
    expect(kmsspecLines('set -e\nkmsspec run \\\n    --seed 1\necho kmsspec done\n')).to.deep.equal([
      'kmsspec run --seed 1',
    ]);
  });
});
