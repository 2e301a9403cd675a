import { expect } from 'chai';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { writeJson } from '../../../reports/formats/json';
import { fullReport } from '../../../reports/testing/full-report';
import { lockOutput } from '../../support/output-lock';
import { WorkFolder } from '../testing/capture-verbs';

/** Command lines whose output grows for as long as they run, and how a second process may call the same one. */
const GROWING: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'a recording': [
    ['record', '--listen', '127.0.0.1:0', '--out', 'a.pcapng'],
    ['record', '--listen', '127.0.0.1:0', '--out', './a.pcapng'],
    ['run', 'MSG-01', '--pcap', 'a.pcapng'],
  ],
  'a capture of a run': [
    ['stream', 'client*forever', '--pcap', 'a.pcapng', '--quiet'],
    ['stream', 'client', '--pcap', 'a.pcapng'],
    ['record', '--listen', '127.0.0.1:0', '--out', 'a.pcapng'],
  ],
  'a campaign': [
    ['fuzz', '--time', '60s', '--out', 'a.pcapng', '--seed', '1'],
    ['fuzz', '--runs', '1', '--out', './a.pcapng', '--seed', '2'],
  ],
};

describe('an output that grows', () => {
  const folder = new WorkFolder();

  for (const [what, [first, ...others]] of Object.entries(GROWING)) {
    it(`has one writer: ${what}`, async () => {
      const ending = new AbortController();
      const running = folder.run(first!, { signal: ending.signal });
      while (!existsSync(folder.file('a.pcapng'))) await new Promise((resolve) => setTimeout(resolve, 5));
      for (const argv of others) {
        const { exitCode, stderr } = await folder.run(argv);
        expect(exitCode, stderr).to.equal(2);
        expect(stderr).to.contain('is being written by another kmsspec');
      }
      ending.abort();
      await running;
      const { stderr } = await folder.run(others[0]!, { signal: AbortSignal.abort() });
      expect(stderr).to.not.contain('another kmsspec');
    });
  }

  it('has one writer: a site, and what is soon written too', async () => {
    writeFileSync(folder.file('r.json'), writeJson(fullReport()));
    const lines = [
      ['matrix', 'r.json', '--out', 'held'],
      ['run', 'MSG-01', '--pcap-dir', 'held'],
      ['diff', 'lab', 'lab', '--runs', '0', '--out', 'held'],
    ];
    mkdirSync(folder.file('held'));
    const lock = await lockOutput(folder.file('held'));
    for (const argv of lines) {
      const { exitCode, stderr } = await folder.run(argv);
      expect([exitCode, stderr], argv.join(' '))
        .to.have.property('1')
        .that.contains('held is being written by another kmsspec');
      expect(exitCode).to.equal(2);
    }
    await lock.release();
    expect((await folder.run(lines[0]!)).exitCode).to.equal(0);
  });
});
