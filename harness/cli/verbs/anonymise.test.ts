import { expect } from 'chai';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { corpus, expectOneLine, WorkFolder } from '../testing/capture-verbs';

describe('kmsspec anonymise', () => {
  const folder = new WorkFolder();
  const kmsspec = (...argv: string[]) => folder.run(argv);

  it('rewrites the same always by the same, and the result still replays', async () => {
    await writeFile(folder.file('secret'), 'sixteen octets !');
    const first = await kmsspec('anonymise', corpus('v4-threshold-clients'), 'a.pcap', '--secret', 'secret');
    expect(first.exitCode, first.stderr).to.equal(0);
    expect(first.stdout).to.contain('30 requests, 30 responses');
    await kmsspec('anonymise', corpus('v4-threshold-clients'), 'b.pcap', '--secret', 'secret');
    const [a, b] = await Promise.all(['a.pcap', 'b.pcap'].map((name) => readFile(folder.file(name))));
    expect(a!.equals(b!)).to.equal(true);
    expect(a!.includes(Buffer.from('LAB-CLIENT', 'utf16le'))).to.equal(false);
    expect((await kmsspec('replay', 'a.pcap', '--quiet')).exitCode).to.equal(0);
    expect((await readdir(folder.path)).sort()).to.deep.equal(['a.pcap', 'b.pcap', 'secret']);
  });

  it('draws a secret of its own where none is given, and takes none that could be searched for', async () => {
    for (const name of ['a.pcap', 'b.pcap']) await kmsspec('anonymise', corpus('v4-refused'), name);
    const [a, b] = await Promise.all(['a.pcap', 'b.pcap'].map((name) => readFile(folder.file(name))));
    expect(a!.equals(b!)).to.equal(false);
    await writeFile(folder.file('short'), 'fifteen octets!');
    for (const secret of ['short', 'missing', '.']) {
      const run = await kmsspec('anonymise', corpus('v4-refused'), 'c.pcap', '--secret', secret);
      expect(run.exitCode, run.stderr).to.equal(2);
      expectOneLine(run);
      expect(run.stderr).to.not.contain('fifteen octets!');
    }
  });

  it('refuses to overwrite its input, and leaves the old output where the input is none', async () => {
    await copyFile(corpus('v5'), folder.file('in.pcap'));
    expect((await kmsspec('anonymise', 'in.pcap', './in.pcap')).exitCode).to.equal(2);
    await writeFile(folder.file('old'), 'old');
    const run = await kmsspec('anonymise', 'old', 'in.pcap');
    expect(run.exitCode).to.equal(2);
    expectOneLine(run);
    expect((await readFile(folder.file('in.pcap'))).equals(await readFile(corpus('v5')))).to.equal(true);
    expect((await readdir(folder.path)).sort()).to.deep.equal(['in.pcap', 'old']);
  });
});
