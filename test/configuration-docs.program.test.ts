import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE } from '../scenarios/catalogue';
import { type LabHost, startLabHost } from '../harness/lab-host';
import { type ControlServer, startControlServer } from '../harness/lab-host/control';
import { packageRoot } from '../harness/support/package-root';
import { runInstalled } from '../harness/cli/testing/installed';

const page = readFileSync(join(packageRoot(), 'docs/configuration.md'), 'utf8');
const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');

describe('docs/configuration.md, as its reader tries it', function () {
  this.timeout(60_000);
  let host: LabHost;
  let control: ControlServer;
  let folder: string;

  before(async () => {
    host = await startLabHost({});
    control = await startControlServer(host, 0);
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-configuration-'));
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    // The page's ports may be taken, and its npx doubles the time of each control.
    const here = yaml
      .replaceAll('127.0.0.1:1700', `127.0.0.1:${host.port}`)
      .replaceAll('1701', String(control.port))
      .replaceAll(
        'npx, --no-install, kmsspec',
        `${JSON.stringify(process.execPath)}, ${JSON.stringify(MAIN)}`,
      );
    writeFileSync(join(folder, 'kmsspec.yaml'), here);
  });

  after(async () => {
    await control.close();
    await host.close();
    rmSync(folder, { recursive: true });
  });

  it('checks by the three controls what is untestable without them', async () => {
    const args = ['run', 'CACHE-08', 'CACHE-11', 'CACHE-12'];
    const { exitCode, stdout, stderr } = await runInstalled(args, { cwd: folder });
    expect(exitCode, stdout + stderr).to.equal(0);
    const bare = await runInstalled([...args, '--target', `127.0.0.1:${host.port}`]);
    expect(bare.exitCode, bare.stdout).to.equal(4);
  });

  it('replays from nothing after a reset', async () => {
    const capture = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
    const { exitCode, stdout } = await runInstalled(['replay', capture, '--fresh'], { cwd: folder });
    expect(exitCode, stdout).to.equal(0);
    expect(stdout).to.contain('65 answers agree').and.not.contain('currentClientCount');
  });

  it('names requirements that there are', () => {
    const known = new Set<string>(CATALOGUE.map(({ id }) => id));
    const named = page.match(/\b[A-Z]{3,5}-\d\d\b/g) ?? [];
    expect(named).to.have.length.greaterThan(15);
    expect(named.filter((id) => !known.has(id))).to.deep.equal([]);
  });
});
