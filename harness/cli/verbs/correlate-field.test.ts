import { expect } from 'chai';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { runInProcess } from '../testing/in-process';

/** Logs as people export them, of the four requests in `base.pcap`. */
const FIELD = join(packageRoot(), 'harness/jobs/events/testing/field');

interface Correlated {
  readonly summary: Record<string, number>;
  readonly requests: readonly {
    readonly differences: readonly { readonly field: string; readonly logged: string }[];
  }[];
}

async function correlated(
  log: string,
  capture = 'base.pcap',
): Promise<{ exitCode: number; stderr: string; result: Correlated }> {
  const argv = ['correlate', join(FIELD, capture), join(FIELD, log), '--json', '-'];
  const { exitCode, stdout, stderr } = await runInProcess(argv);
  return { exitCode, stderr, result: JSON.parse(stdout) as Correlated };
}

const NONE = { logged: 0, loggedDifferently: 0, missed: 0, undecided: 0, unmatched: 0, notComparable: 0 };

describe('kmsspec correlate, with logs from the field', () => {
  for (const log of [
    'one-data.xml',
    'ten-data.xml',
    'get-eventlog.csv',
    'get-eventlog-instanceid.csv',
    'without-id.csv',
    'evtxecmd.csv',
    'wevtutil-text.txt',
    'convertto.json',
  ]) {
    it(`finds all four logged in ${log}, without a warning`, async () => {
      const { exitCode, stderr, result } = await correlated(log);
      expect({ exitCode, stderr, summary: result.summary }).to.deep.equal({
        exitCode: 0,
        stderr: '',
        summary: { ...NONE, logged: 4 },
      });
    });
  }

  it('expects one event of a request that the capture shows on both sides of a balancer', async () => {
    const reported = (file: string): string => join(packageRoot(), 'captures/corpus/reported', file);
    const argv = ['correlate', reported('nat-both-sides.pcap'), reported('one.txt'), '--json', '-'];
    const { exitCode, stdout } = await runInProcess(argv);
    const { summary } = JSON.parse(stdout) as Correlated;
    expect({ exitCode, summary }).to.deep.equal({ exitCode: 0, summary: { ...NONE, logged: 1 } });
  });

  it('matches by closeness in time where each machine has an older event too', async () => {
    const { exitCode, result } = await correlated('renewals.xml');
    expect(exitCode).to.equal(1);
    expect(result.summary).to.deep.equal({ ...NONE, logged: 3, loggedDifferently: 1, unmatched: 4 });
    expect(result.requests.flatMap(({ differences }) => differences)).to.deep.equal([
      { field: 'hresult', seen: '0x00000000', logged: '0xC004F06C' },
    ]);
  });

  it('reads a negative decimal HRESULT: four events found, each with the failure that the host did not answer', async () => {
    const { stderr, result } = await correlated('negative-hresult.txt');
    expect(stderr).to.equal('');
    expect(result.summary).to.deep.equal({ ...NONE, loggedDifferently: 4 });
    expect(
      result.requests.flatMap(({ differences }) => differences.map(({ logged }) => logged)),
    ).to.deep.equal(Array.from({ length: 4 }, () => '0xC004F056'));
  });

  it('counts a request once that the capture shows on both sides of a balancer', async () => {
    const { exitCode, result } = await correlated('nat-one-line.txt', 'nat-both-sides.pcap');
    expect({ exitCode, summary: result.summary }).to.deep.equal({
      exitCode: 0,
      summary: { ...NONE, logged: 1 },
    });
  });
});
