import { expect } from 'chai';
import type { BurstStep, FuzzCase } from '../case';
import { CoverageTable } from '../judge/coverage';
import { LeakWatch } from '../judge/leak-watch';
import { type CaseResult, runCase } from './run-case';
import { openFuzzLab } from '../../jobs/fuzz/testing/fuzz-lab';
import type { FaultName } from '../../lab-host';

const BURST: BurstStep = { kind: 'burst', count: 4, server: true, requiredClientCount: null, application: 0 };

const burstOf = (step: Partial<BurstStep> = {}): FuzzCase => ({
  level: 'sequence',
  applications: ['6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c01', '6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c02'],
  machines: ['0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e01'],
  canary: 0x1234abcd,
  steps: [{ ...BURST, ...step }],
});

async function run(fuzzCase: FuzzCase, ...faults: FaultName[]): Promise<CaseResult> {
  const lab = await openFuzzLab({ faults });
  const { controls } = lab.target;
  try {
    const tools = { context: lab.context, controls, watch: new LeakWatch(), coverage: new CoverageTable() };
    return await runCase(fuzzCase, tools);
  } finally {
    await lab.close();
  }
}

describe('machines that ask at once', () => {
  it('are each counted once by a good host, and hear of nobody else', async () => {
    expect(await run(burstOf())).to.deep.equal({ violations: [], suspicious: false, unreachable: false });
  });

  for (const fault of ['same-count-twice', 'record-lost-at-once'] as const) {
    it(`show a host with ${fault}, in what they are answered or in what is left`, async () => {
      const { violations } = await run(burstOf(), fault);
      expect(violations.map(({ oracle }) => oracle)).to.include('count');
    });
  }

  it('show a host that lets them hear of one another', async () => {
    const { violations } = await run(burstOf(), 'stale-epid-tail');
    expect(violations.map(({ oracle }) => oracle)).to.include('leak');
    expect(violations.find(({ oracle }) => oracle === 'leak')!.received).to.match(
      /the name "FZ-1234abcd-\d+"/,
    );
  });
});
