import { expect } from 'chai';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileSink, openCapture, PcapWriter } from '../../../captures';
import { packageRoot } from '../../support/package-root';
import { corpus, expectOneLine, WorkFolder } from '../testing/capture-verbs';

describe('kmsspec inspect', () => {
  const folder = new WorkFolder();
  const kmsspec = (...argv: string[]) => folder.run(argv);

  it('lists the 65 exchanges of v4-mixed-growth with their counts', async () => {
    const { exitCode, stdout, stderr } = await kmsspec('inspect', corpus('v4-mixed-growth'));
    const counts = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(/count (\d+)/.exec(line)?.[1]));
    const range = (from: number, to: number): number[] =>
      Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const expected = [
      ...range(1, 10),
      ...Array<number>(5).fill(10),
      ...range(11, 50),
      ...Array<number>(10).fill(50),
    ];
    expect(counts).to.deep.equal(expected);
    expect([exitCode, stderr]).to.deep.equal([0, '']);
  });

  it('names refusals and what is sealed', async () => {
    const refused = (await kmsspec('inspect', corpus('v4-refused'))).stdout;
    expect(refused.match(/0x[0-9A-F]{8}/g)).to.deep.equal(['0xC004F042', '0xC004F042', '0x8007000D']);
    for (const name of ['v5', 'v6']) {
      const { stdout } = await kmsspec('inspect', corpus(name));
      expect(
        stdout
          .trim()
          .split('\n')
          .slice(1)
          .every((line) => line.includes(name) && line.includes('sealed')),
      ).to.equal(true);
    }
  });

  it('writes JSON and CSV, to files or standard output', async () => {
    const both = await kmsspec('inspect', corpus('v4-refused'), '--json', 'e.json', '--csv', '-');
    expect(both.stdout.split('\r\n')).to.have.length(5);
    const json = JSON.parse(await readFile(folder.file('e.json'), 'utf8')) as {
      exchanges: { refusal: { hresult: string } }[];
    };
    expect(json).to.have.property('schema', 'kmsspec.exchanges/1');
    expect(json).to.have.nested.property('capture.packets', 26);
    expect(json.exchanges[2]!.refusal.hresult).to.equal('0x8007000D');
    expect(await readdir(folder.path)).to.deep.equal(['e.json']);
    const twice = await kmsspec('inspect', corpus('v5'), '--json', '-', '--csv', '-');
    expect(twice.exitCode).to.equal(2);
  });

  it('shows every field on demand', async () => {
    const { stdout } = await kmsspec('inspect', corpus('v4-refused'), '--fields');
    expect(stdout).to.contain('requiredClientCount').and.contain('5000');
  });

  it('reads a cut capture with a warning, which --strict makes an error', async () => {
    const whole = await readFile(corpus('v4-threshold-clients'));
    await writeFile(folder.file('cut.pcap'), whole.subarray(0, whole.length - 5000));
    const cut = await kmsspec('inspect', 'cut.pcap', '--json', '-');
    expect(cut.exitCode).to.equal(0);
    expect(cut.stderr).to.match(/cut\.pcap at byte \d+/);
    expect((await kmsspec('inspect', 'cut.pcap', '--strict')).exitCode).to.equal(2);
  });

  it('leaves an old file as it was where the capture is none', async () => {
    await writeFile(folder.file('old.json'), 'old');
    await writeFile(folder.file('text'), 'this is no capture at all');
    const run = await kmsspec('inspect', 'text', '--json', 'old.json');
    expect(run.exitCode).to.equal(2);
    expectOneLine(run);
    expect(await readFile(folder.file('old.json'), 'utf8')).to.equal('old');
    expect((await readdir(folder.path)).sort()).to.deep.equal(['old.json', 'text']);
  });

  it('tells datagrams that lack fragments, as replay and anonymise do', async () => {
    const source = join(packageRoot(), 'captures/corpus/field/hand-ipv4-fragments.pcap');
    const lossy = new PcapWriter(new FileSink(folder.file('lossy.pcap')));
    let fragments = 0;
    for await (const packet of await openCapture(source)) {
      const isFragment = (packet.data.readUInt16BE(20) & 0x3fff) !== 0;
      if (!isFragment || ++fragments !== 2) lossy.packet(packet);
    }
    lossy.close();
    for (const argv of [['inspect'], ['replay'], ['anonymise', 'out.pcap']]) {
      const [verb = '', ...rest] = argv;
      const { stderr } = await kmsspec(verb, 'lossy.pcap', ...rest);
      expect(stderr, verb).to.contain('a datagram lacks fragments and was not read');
    }
  });

  for (const bad of ['missing', 'empty', 'folder']) {
    it(`tells a capture that is ${bad} in one line, exit 2`, async () => {
      if (bad === 'empty') await writeFile(folder.file(bad), '');
      if (bad === 'folder') await mkdir(folder.file(bad));
      for (const verb of ['inspect', 'replay']) {
        const run = await kmsspec(verb, bad);
        expect(run.exitCode, verb).to.equal(2);
        expect(run.stderr).to.contain(bad);
        expectOneLine(run);
      }
    });
  }
});
