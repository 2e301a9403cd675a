import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../reports/results/model';
import { packageRoot } from '../../harness/support/package-root';
import { installedPackage } from '../testing/installed-package';
import { type ActionStep, readAction, runStep } from './action';

describe('action.yml', function () {
  this.timeout(300_000);
  const { inputs, outputs, runs } = readAction();
  let folder: string;
  let prefix: string;
  let tarball: string;
  before(() => ({ tarball } = installedPackage()));
  before(() => (prefix = mkdtempSync(join(tmpdir(), 'kmsspec-runner-'))));
  after(() => rmSync(prefix, { recursive: true }));
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-action-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const step = (name: string): ActionStep => runs.steps.find((each) => each.name === name)!;

  /** Runs a step in a workspace of its own. @returns what it wrote for steps behind it, and into the summary of the job */
  function act(name: string, given: Readonly<Record<string, string>> = {}) {
    const values: Record<string, string> = { 'github.action_path': packageRoot(), 'runner.temp': prefix };
    for (const [input, { default: value }] of Object.entries(inputs))
      values[`inputs.${input}`] = given[input] ?? value;
    const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
    for (const file of [output, summary]) writeFileSync(file, '');
    const more = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
    const ran = runStep(step(name), values, { cwd: folder, more });
    const written = Object.fromEntries(
      readFileSync(output, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split('=', 2)),
    ) as Record<string, string>;
    return { ...ran, written, summary: readFileSync(summary, 'utf8') };
  }

  it('installs the tarball that it is given, beside the workspace', () => {
    const { code, stderr } = act('Install', { package: tarball });
    expect(code, stderr).to.equal(0);
    expect(existsSync(join(prefix, 'kmsspec/node_modules/.bin/kmsspec'))).to.equal(true);
    expect(existsSync(join(folder, 'node_modules'))).to.equal(false);
  });

  for (const [what, given, code, verdict, passed, failed] of [
    ['holds', { args: 'CNT-01 MSG-01' }, 0, 'passed', '2', '0'],
    ['does not hold', { args: 'CNT-01 MSG-02 --fault nil-cmid' }, 1, 'failed', '1', '1'],
    ['was required and not checked', { args: 'CNT-01 DNS-01', require: 'DNS-01' }, 1, 'failed', '1', '0'],
    ['shows nothing', { args: 'DNS' }, 4, 'inconclusive', '0', '0'],
    ['is not there', { args: 'MSG-01', target: '127.0.0.1:1' }, 3, 'error', '0', '0'],
    ['was asked for wrongly', { args: 'CNT-99' }, 2, 'error', undefined, undefined],
  ] as const) {
    it(`tells a host that ${what}, and leaves its reports`, () => {
      const ran = act('Check', given);
      expect([ran.code, ran.written], ran.stderr).to.deep.equal([
        code,
        { verdict, ...(passed === undefined ? {} : { passed, failed }) },
      ]);
      const report = join(folder, inputs['report']!.default, 'report.json');
      if (passed === undefined) return void expect(existsSync(report)).to.equal(false);
      const { summary } = parseReport(readFileSync(report, 'utf8'));
      expect([String(summary.passed), String(summary.failed)]).to.deep.equal([passed, failed]);
      for (const file of ['junit.xml', 'report.html'])
        expect(readFileSync(join(folder, inputs['report']!.default, file), 'utf8')).to.match(/^<[?!]/);
    });
  }

  it('tells failures as annotations, and the run as the summary of the job', () => {
    const { stdout, summary } = act('Check', { args: 'MSG-02 --fault nil-cmid' });
    expect(stdout).to.match(/^::error [^\n]*MSG-02/m);
    expect(summary).to.contain('MSG-02');
  });

  it('knows a failure that the baseline of the workspace knows', () => {
    const known =
      'schema: kmsspec.baseline/1\nentries:\n  - { id: MSG-02, outcome: failed, reason: to be mended }\n';
    writeFileSync(join(folder, 'known.yaml'), known);
    const { code, written, stderr } = act('Check', {
      args: 'MSG-02 --fault nil-cmid',
      baseline: 'known.yaml',
    });
    expect([code, written['verdict']], stderr).to.deep.equal([0, 'passed']);
  });

  it('hands on what its steps tell, and keeps the reports whatever came', () => {
    for (const [name, { value }] of Object.entries(outputs))
      expect(value).to.equal(`\${{ steps.check.outputs.${name} }}`);
    const keep = runs.steps.at(-1)!;
    expect(keep.if).to.equal('always()');
    expect(keep.uses).to.match(/^actions\/upload-artifact@v\d+$/);
    expect(keep.with).to.include({ path: '${{ inputs.report }}' });
  });
});
