import { expect } from 'chai';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSink, openCapture, PcapWriter, readExchanges } from '../../../captures';
import { parseReport } from '../../../reports/model';
import { scriptedHost } from '../../client/testing/scripted-host';
import { startLabHost } from '../../lab-host';
import { packageRoot } from '../../package-root';
import { type InProcessRun, runInProcess } from '../testing/in-process';

const corpus = (name: string): string => join(packageRoot(), 'captures/corpus', `${name}.pcap`);

describe('verbs that take captures', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'verbs-test-'))));
  afterEach(() => rm(folder, { recursive: true }));
  const kmsspec = (...argv: string[]): Promise<InProcessRun> => runInProcess(argv, { cwd: folder });

  /** What an error is to be: one or two lines, no stack. */
  function expectOneLine({ stderr }: InProcessRun): void {
    expect(stderr.trim().split('\n').length, stderr).to.be.within(1, 2);
    expect(stderr)
      .to.match(/^kmsspec: /)
      .and.not.match(/\n\s+at /);
  }

  describe('inspect', () => {
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
      const json = JSON.parse(await readFile(join(folder, 'e.json'), 'utf8')) as {
        exchanges: { refusal: { hresult: string } }[];
      };
      expect(json).to.have.property('schema', 'kmsspec.exchanges/1');
      expect(json).to.have.nested.property('capture.packets', 26);
      expect(json.exchanges[2]!.refusal.hresult).to.equal('0x8007000D');
      expect(await readdir(folder)).to.deep.equal(['e.json']);
      const twice = await kmsspec('inspect', corpus('v5'), '--json', '-', '--csv', '-');
      expect(twice.exitCode).to.equal(2);
    });

    it('shows every field on demand', async () => {
      const { stdout } = await kmsspec('inspect', corpus('v4-refused'), '--fields');
      expect(stdout).to.contain('requiredClientCount').and.contain('5000');
    });

    it('reads a cut capture with a warning, which --strict makes an error', async () => {
      const whole = await readFile(corpus('v4-threshold-clients'));
      await writeFile(join(folder, 'cut.pcap'), whole.subarray(0, whole.length - 5000));
      const cut = await kmsspec('inspect', 'cut.pcap', '--json', '-');
      expect(cut.exitCode).to.equal(0);
      expect(cut.stderr).to.match(/cut\.pcap at byte \d+/);
      expect((await kmsspec('inspect', 'cut.pcap', '--strict')).exitCode).to.equal(2);
    });

    it('leaves an old file as it was where the capture is none', async () => {
      await writeFile(join(folder, 'old.json'), 'old');
      await writeFile(join(folder, 'text'), 'this is no capture at all');
      const run = await kmsspec('inspect', 'text', '--json', 'old.json');
      expect(run.exitCode).to.equal(2);
      expectOneLine(run);
      expect(await readFile(join(folder, 'old.json'), 'utf8')).to.equal('old');
      expect((await readdir(folder)).sort()).to.deep.equal(['old.json', 'text']);
    });

    it('tells datagrams that lack fragments, as replay and anonymise do', async () => {
      const source = join(packageRoot(), 'captures/corpus/field/hand-ipv4-fragments.pcap');
      const lossy = new PcapWriter(new FileSink(join(folder, 'lossy.pcap')));
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
        if (bad === 'empty') await writeFile(join(folder, bad), '');
        if (bad === 'folder') await mkdir(join(folder, bad));
        for (const verb of ['inspect', 'replay']) {
          const run = await kmsspec(verb, bad);
          expect(run.exitCode, verb).to.equal(2);
          expect(run.stderr).to.contain(bad);
          expectOneLine(run);
        }
      });
    }
  });

  describe('replay', () => {
    it('agrees with the embedded host, and says what differed as expected', async () => {
      const run = await kmsspec(
        'replay',
        corpus('v4-mixed-growth'),
        '--json',
        'r.json',
        '--pcap',
        'r.pcapng',
        '--seed',
        '7',
      );
      expect([run.exitCode, run.stderr]).to.deep.equal([0, '']);
      expect(run.stdout).to.contain('65 requests sent: 65 answers agree, 0 differ');
      expect(run.stdout).to.match(/ePid \(.*\): in 65[^]*mac \(.*\): in 65/);
      const report = parseReport(await readFile(join(folder, 'r.json'), 'utf8'));
      expect(report.run).to.include({ seed: 7, verb: 'replay' });
      expect(
        report.trajectory!.points.map(
          ({ recorded, answered, expected }) => new Set([recorded, answered, expected]).size,
        ),
      ).to.deep.equal(Array(65).fill(1));
      expect(report.replay!.exchanges).to.have.length(65);
      let kept = 0;
      for await (const { answer } of readExchanges(join(folder, 'r.pcapng')))
        if (answer?.kind === 'response') kept++;
      expect(kept).to.equal(65);
    });

    it('exits 1 for a difference, 4 for nothing to compare or nothing at all, 2 for wrong usage', async () => {
      expect((await kmsspec('replay', corpus('v4-refused'))).exitCode).to.equal(0);
      expect((await kmsspec('replay', corpus('v4-refused'), '--key-group', 'any')).exitCode).to.equal(1);
      expect((await kmsspec('replay', corpus('v6'))).exitCode).to.equal(4);
      expect((await kmsspec('replay', corpus('v6'), '--filter', 'version=4')).exitCode).to.equal(4);
      expect((await kmsspec('replay', corpus('v6'), '--port', '99')).exitCode).to.equal(4);
      for (const wrong of [
        ['--raw', '--fresh'],
        ['--timing', 'x'],
        ['--filter', 'a=b'],
        ['--connections', 'two'],
        ['--seed', '-1'],
        ['--target', 'kms:0'],
        ['--target', '192.0.2.1'],
        ['--mac-key', 'none'],
        ['--profile', 'none'],
        ['--config', 'none'],
        ['--json', '/no/such/folder/r.json'],
        ['--tarket', 'x'],
      ]) {
        const run = await kmsspec('replay', corpus('v6'), ...wrong);
        expect(run.exitCode, wrong.join(' ')).to.equal(2);
        expect(run.stderr, wrong.join(' '))
          .to.not.equal('')
          .and.not.match(/\n\s+at |unexpected/);
      }
    });

    it('exits 1 for a count too low for any history, 4 for one too high that a history could explain', async () => {
      for (const [fault, exitCode, says] of [
        ['cap-49', 1, /54 answers agree, 11 differ/],
        ['cap-51', 4, /answers 51 instead of 50: .*reset control/],
      ] as const) {
        const host = await startLabHost({ faults: [fault] });
        const target = `127.0.0.1:${host.port}`;
        const saved = join(folder, `${fault}.json`);
        const args = ['--fresh', '--target', target, '--json', saved];
        const run = await kmsspec('replay', corpus('v4-mixed-growth'), ...args);
        await host.close();
        expect(run.exitCode, fault).to.equal(exitCode);
        expect(run.stdout).to.match(says);
        // What is made of the saved report later says the same.
        expect((await kmsspec('report', saved, '--markdown', '-')).exitCode, fault).to.equal(exitCode);
      }
      const embedded = await kmsspec('replay', corpus('v4-mixed-growth'), '--fault', 'cap-51');
      expect(embedded.exitCode).to.equal(1);
      const both = await kmsspec('replay', corpus('v6'), '--fault', 'cap-51', '--target', '127.0.0.1:1');
      expect(both).to.include({ exitCode: 2 });
      expect(both.stderr).to.contain('--fault is for the embedded lab host');
    });

    it('exits 3 where the target refuses, says nothing, resets or answers garbage', async () => {
      const scripts: [string, Parameters<typeof scriptedHost>[0]][] = [
        ['silent', () => undefined],
        ['resetting', (peer) => void peer.socket.resetAndDestroy()],
        ['garbage', (peer) => peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
      ];
      for (const [name, script] of scripts) {
        const host = await scriptedHost(script);
        const argv = [
          'replay',
          corpus('v4-refused'),
          '--target',
          `127.0.0.1:${host.port}`,
          '--timeout',
          '80',
        ];
        const run = await kmsspec(...argv);
        expect(run.exitCode, name).to.equal(3);
        expectOneLine(run);
        await host.close();
        const gone = await kmsspec(...argv);
        expect(gone.exitCode).to.equal(3);
        expect(gone.stderr).to.contain('refused the connection');
        expectOneLine(gone);
      }
    });
  });

  describe('record', () => {
    it('keeps what goes through, so that it can be replayed', async () => {
      const interruption = new AbortController();
      const out = join(folder, 'out.pcapng');
      let port = 0;
      const recording = runInProcess(['record', '--listen', '0', '--out', out, '--connections', '3'], {
        cwd: folder,
        signal: interruption.signal,
        onOutput: (text) => (port ||= Number(/recording 127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? 0)),
      });
      for (let i = 0; i < 400 && port === 0; i++) {
        await new Promise<void>((resolve) => setTimeout(resolve, 5));
      }
      if (port === 0) interruption.abort();
      else
        await kmsspec(
          'replay',
          corpus('v4-threshold-clients'),
          '--filter',
          '0-2',
          '--target',
          `127.0.0.1:${port}`,
        );
      const run = await recording;
      expect(run.exitCode).to.equal(0);
      const { stdout } = await kmsspec('inspect', out);
      expect(stdout.match(/count \d/g)).to.deep.equal(['count 1', 'count 2', 'count 3']);
    });

    it('tells a port in use, an address of other machines, and one that is none', async () => {
      const busy = await scriptedHost(() => undefined);
      const inUse = await kmsspec('record', '--listen', `127.0.0.1:${busy.port}`, '--out', 'o.pcapng');
      await busy.close();
      expect(inUse.exitCode).to.equal(2);
      expect(inUse.stderr).to.contain('in use');
      expectOneLine(inUse);
      for (const listen of ['0.0.0.0:1', '[::]:1', 'x', '127.0.0.1:70000', '']) {
        const run = await kmsspec('record', '--listen', listen, '--out', 'o.pcapng');
        expect(run.exitCode, listen).to.equal(2);
      }
      expect((await kmsspec('record', '--out', 'no/such/folder/o.pcapng')).exitCode).to.equal(2);
    });
  });

  describe('anonymise', () => {
    it('rewrites the same always by the same, and the result still replays', async () => {
      const first = await kmsspec('anonymise', corpus('v4-threshold-clients'), 'a.pcap', '--seed', '3');
      expect(first.exitCode, first.stderr).to.equal(0);
      expect(first.stdout).to.contain('30 requests, 30 responses').and.contain('seed 3');
      await kmsspec('anonymise', corpus('v4-threshold-clients'), 'b.pcap', '--seed', '3');
      const [a, b] = await Promise.all(['a.pcap', 'b.pcap'].map((name) => readFile(join(folder, name))));
      expect(a!.equals(b!)).to.equal(true);
      expect(a!.includes(Buffer.from('LAB-CLIENT', 'utf16le'))).to.equal(false);
      expect((await kmsspec('replay', 'a.pcap', '--quiet')).exitCode).to.equal(0);
      expect((await readdir(folder)).sort()).to.deep.equal(['a.pcap', 'b.pcap']);
    });

    it('refuses to overwrite its input, and leaves the old output where the input is none', async () => {
      await copyFile(corpus('v5'), join(folder, 'in.pcap'));
      expect((await kmsspec('anonymise', 'in.pcap', './in.pcap')).exitCode).to.equal(2);
      await writeFile(join(folder, 'old'), 'old');
      const run = await kmsspec('anonymise', 'old', 'in.pcap');
      expect(run.exitCode).to.equal(2);
      expectOneLine(run);
      expect((await readFile(join(folder, 'in.pcap'))).equals(await readFile(corpus('v5')))).to.equal(true);
      expect((await readdir(folder)).sort()).to.deep.equal(['in.pcap', 'old']);
    });
  });
});
