import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExchanges } from '../../../captures';
import { CaptureFolder } from '../../client/capture-folder';
import { type LabHost, startLabHost } from '../../lab-host';
import { runInProcess } from '../testing/in-process';

describe('run --pcap-dir', function () {
  this.timeout(30_000);
  let folder: string;
  let host: LabHost;
  const run = (...argv: string[]) =>
    runInProcess(['run', '--no-config', '--target', `127.0.0.1:${host.port}`, ...argv], { cwd: folder });

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-pcap-dir-'));
    host = await startLabHost();
  });
  after(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  async function exchangesIn(...names: string[]): Promise<number> {
    const reader = readExchanges(join(folder, ...names), { port: host.port });
    let count = 0;
    for await (const { answer } of reader) if (answer?.kind === 'response') count++;
    expect(reader.report?.warnings).to.deep.equal([]);
    return count;
  }

  it('keeps a capture of each requirement that sent something, named after it', async () => {
    const { stderr } = await run('MSG-01', 'RPC-01', 'CACHE-07', '--pcap-dir', 'deep/kept');
    expect(readdirSync(join(folder, 'deep/kept')).sort()).to.deep.equal(['MSG-01.pcapng', 'RPC-01.pcapng']);
    expect(stderr).to.match(/^kmsspec: 2 captures in deep\/kept$/m);
    expect(await exchangesIn('deep/kept/MSG-01.pcapng')).to.be.greaterThan(0);
  });

  it('keeps all attempts of a requirement in one, takes the place of the last, and says nothing with --quiet', async () => {
    await run('MSG-01', '--pcap-dir', 'again');
    const once = await exchangesIn('again/MSG-01.pcapng');
    writeFileSync(join(folder, 'again', 'notes.txt'), 'mine');
    const { stderr } = await run('MSG-01', '--repeat', '3', '--pcap-dir', 'again', '--quiet');
    expect(stderr).to.equal('');
    expect(await exchangesIn('again/MSG-01.pcapng')).to.equal(3 * once);
    expect(readdirSync(join(folder, 'again')).sort()).to.deep.equal(['MSG-01.pcapng', 'notes.txt']);
  });

  it('refuses what is no folder, and tells what could not be written behind the verdict', async () => {
    writeFileSync(join(folder, 'file'), '');
    const refused = await run('MSG-01', '--pcap-dir', 'file');
    expect([refused.exitCode, refused.stdout]).to.deep.equal([2, '']);
    expect(refused.stderr).to.match(/^kmsspec: --pcap-dir file cannot be made a folder \(EEXIST\)/m);
    mkdirSync(join(folder, 'taken', 'MSG-01.pcapng'), { recursive: true });
    const lost = await run('MSG-01', 'RPC-01', '--pcap-dir', 'taken');
    expect(lost.exitCode).to.equal(2);
    expect(lost.stderr).to.match(/MSG-01\.pcapng cannot be written \(it is a folder\)/);
    expect(lost.stdout).to.contain('PASSED');
    expect(existsSync(join(folder, 'taken', 'RPC-01.pcapng'))).to.equal(true);
  });

  it('makes a plain name of whatever a requirement of one’s own is called', () => {
    const captures = new CaptureFolder(folder);
    const observer = captures.of('../../Own 1/é');
    expect(captures.of('../../Own 1/é')).to.equal(observer);
    const connection = { index: 0, client: '127.0.0.1:40000', host: '127.0.0.1:1688' };
    observer.opened!(connection, 0n);
    observer.closed!(connection, 'local-fin', 1n);
    expect(captures.finish()).to.equal(1);
    expect(existsSync(join(folder, '______Own_1__.pcapng'))).to.equal(true);
  });
});
