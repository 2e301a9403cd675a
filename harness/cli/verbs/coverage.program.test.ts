import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../support/package-root';
import { readCoverage } from '../../target/read-coverage';
import { runInProcess } from '../testing/in-process';

/** Runs its function for each number that it is sent. */
const HOST = `
const answer = (n) => { if (n > 5) return "large"; return "small"; };
process.stdin.setEncoding('utf8').on('data', (text) => console.log(answer(Number(text))));
console.log('ready');
`;

// In a process of its own: V8 counts for one at a time, and what measures these tests would lose what it has counted.
describe('a host on Node that tells of its code', function () {
  this.timeout(30_000);

  it('is told by V8, each time what has run since, also to the verb', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-coverage-'));
    const [file, socket] = [join(folder, 'host.js'), join(folder, 'socket')];
    writeFileSync(file, HOST);
    const end = join(packageRoot(), 'harness', 'target', 'coverage-end', 'node-host.ts');
    const { NODE_V8_COVERAGE: _, ...env } = process.env;
    const host = spawn(process.execPath, ['-r', 'ts-node/register', '-r', end, file], {
      cwd: packageRoot(),
      env: { ...env, KMSSPEC_COVERAGE: socket },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const said = createInterface({ input: host.stdout })[Symbol.asyncIterator]();
    const run = async (n: number): Promise<unknown> => {
      host.stdin.write(String(n));
      return (await said.next()).value;
    };
    try {
      expect((await said.next()).value).to.equal('ready');
      const client = connect(socket);
      await once(client, 'connect');
      const lines = createInterface({ input: client })[Symbol.asyncIterator]();
      const ask = async (): Promise<number[]> => {
        client.write('coverage\n');
        const { value } = (await lines.next()) as { value: string };
        expect(value).to.match(/^ok/);
        return (readCoverage(value.slice(2)) as number[]).filter((_, index) => index % 2 === 0);
      };
      await ask();
      expect(await run(1)).to.equal('small');
      const small = await ask();
      expect(await run(9)).to.equal('large');
      const large = await ask();
      expect(small).to.not.be.empty;
      expect(
        large.filter((edge) => !small.includes(edge)),
        'the branch that ran for the first time',
      ).to.not.be.empty;
      client.destroy();
      const { exitCode, stdout } = await runInProcess(['coverage', socket], { stdin: ['coverage\n'] });
      expect(exitCode).to.equal(0);
      expect(stdout).to.match(/^ok( \d+:\d+)*\s*\n$/);
    } finally {
      host.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
