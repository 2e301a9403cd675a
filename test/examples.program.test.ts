import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';
import { startLabHost } from '../harness/lab-host';
import { startControlServer } from '../harness/lab-host/control';
import { openControls } from '../harness/target/controls';
import { runInstalled } from '../harness/cli/testing/installed';

/** Runs Node on an example, which imports the built package by its name, as a user's file does. */
function node(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const tsNode = ['-r', 'ts-node/register'];
const mocha = [join('node_modules', 'mocha', 'bin', 'mocha.js'), '--no-config', ...tsNode];

describe('the examples', function () {
  this.timeout(60_000);

  it('decode-a-pdu names every field of a refusal', async () => {
    const { code, output } = await node([...tsNode, 'examples/decode-a-pdu.ts']);
    expect(output).to.include('response, call 2, 36 bytes').and.to.include('encodes to the same bytes: true');
    expect(code).to.equal(0);
  });

  it('read-a-capture counts the machines of a recording', async () => {
    const { code, output } = await node([...tsNode, 'examples/read-a-capture.ts']);
    expect(output.trim()).to.equal('65 machines asked; the last answer was: count 50');
    expect(code).to.equal(0);
  });

  it('fleet-500 activates none of 500 machines before the 25th asked, and all within two hours', async () => {
    const { code, output } = await node([...tsNode, 'examples/fleet-500.ts']);
    expect(output).to.include('activated before that: 0; more than two hours late: 0; never: 0');
    expect(code).to.equal(0);
  });

  for (const example of ['lab-host-in-a-test.ts', 'check-a-host.ts']) {
    it(`${example} passes as a mocha test of a user's own`, async () => {
      const { code, output } = await node([...mocha, `examples/${example}`]);
      expect(output).to.include('1 passing');
      expect(code).to.equal(0);
    });
  }

  it('own-scenarios adds a requirement, which the lab host meets and a host that counts names does not', async () => {
    const args = ['run', 'OWN', '--scenarios', 'examples/own-scenarios', '--quiet'];
    const good = await runInstalled(args);
    expect(good.stdout + good.stderr).to.include('PASSED  1 of 1 requirement.');
    expect(good.exitCode).to.equal(0);
    const bad = await runInstalled([...args, '--fault', 'count-by-cmid-and-name']);
    expect(bad.exitCode, bad.stdout + bad.stderr).to.equal(1);
  });

  it('controls/coprocess.sh carries out what it is told, a line each', async () => {
    const lab = await startLabHost();
    const control = await startControlServer(lab, 0);
    // Several words, none of which may hold a blank: the folder of the checkout may.
    const program = `${process.execPath} dist/harness/cli/main.js`;
    const { controls, close } = openControls(
      {
        command: ['env', `KMSSPEC=${program}`, 'examples/controls/coprocess.sh', String(control.port)],
        persistent: true,
      },
      { cwd: packageRoot() },
    );
    try {
      await controls.reset!();
      const failure = await controls.advanceClock!(1e10).then(String, String);
      expect(failure).to.match(/answered error .*advance takes a number of seconds/);
      await controls.restart!();
    } finally {
      await close();
      await control.close();
      await lab.close();
    }
  });

  // The two data files are used by commands in docs/, which docs.program.test.ts runs.
  it('leaves no example without a test', () => {
    const names = readdirSync(join(packageRoot(), 'examples'));
    expect(names.sort()).to.deep.equal([
      'check-a-host.ts',
      'ci',
      'controls',
      'decode-a-pdu.ts',
      'fleet-500.ts',
      'fleet-branch-office.yaml',
      'histories',
      'key-management-service.csv',
      'lab-host-in-a-test.ts',
      'own-scenarios',
      // Run from the installed package: package.system.ts.
      'own-tests',
      'read-a-capture.ts',
      // Run by test/slurm.
      'slurm',
    ]);
  });
});
