import { expect } from 'chai';
import { type BindStep, type BurstStep, type FuzzCase, GOOD_ASK, type RawStep } from '../case';
import { CoverageTable } from '../judge/coverage';
import { LeakWatch } from '../judge/leak-watch';
import type { Witnessed } from './heard';
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
    expect(await run(burstOf())).to.deep.include({ violations: [], suspicious: false, unreachable: false });
  });

  for (const fault of ['same-count-twice', 'record-lost-at-once'] as const) {
    it(`show a host with ${fault}, in what they are answered or in what is left`, async () => {
      const { violations } = await run(burstOf(), fault);
      expect(violations.map(({ oracle }) => oracle)).to.include('count');
    });
  }

  it('are one machine over several connections, counted once, and nothing is asked behind it', async () => {
    const twice = burstOf({ machine: 0, count: 2 });
    expect((await run(twice)).violations).to.deep.equal([]);
    const { violations } = await run(twice, 'at-once-counts-twice');
    expect(violations.map(({ differs }) => differs)).to.deep.equal(['count']);
  });

  it('show a host that lets them hear of one another', async () => {
    const { violations } = await run(burstOf(), 'stale-epid-tail');
    expect(violations.map(({ oracle }) => oracle)).to.include('leak');
    expect(violations.find(({ oracle }) => oracle === 'leak')!.received).to.match(
      /the name "FZ-1234abcd-\d+"/,
    );
  });
});

describe('a connection that is left as it is', () => {
  const { applications, machines, canary } = burstOf();
  const held: RawStep = {
    ...{ kind: 'raw', on: 0, bytes: Buffer.from('05000b03', 'hex'), cuts: [], bound: false },
    ...{ mode: 'valid', what: 'a bind that has just begun', held: true },
  };
  const meanwhile: FuzzCase = {
    ...{ level: 'sequence', applications, machines, canary },
    steps: [held, { ...GOOD_ASK, on: 1 }],
  };

  it('keeps nobody waiting at a good host, and shows one that waits for it', async () => {
    expect(await run(meanwhile)).to.deep.include({ violations: [], suspicious: false, unreachable: false });
    // Whether it hangs is looked at behind a case that was left without an answer.
    expect((await run(meanwhile, 'waits-for-whole-pdu')).suspicious).to.equal(true);
  });
});

describe('a bind that asks for the group of another connection', () => {
  const { applications, machines, canary } = burstOf();
  const bind: BindStep = { kind: 'bind', on: 0, contextId: 0, syntax: 'ndr32', features: false, body: [] };
  const joined: FuzzCase = {
    ...{ level: 'sequence', applications, machines, canary },
    steps: [bind, { ...bind, on: 1, groupOf: 0 }],
  };

  const groups = async (...faults: FaultName[]): Promise<unknown[]> => {
    const lab = await openFuzzLab({ faults });
    const heard: Witnessed[] = [];
    const witness = (one: Witnessed): void => void heard.push(one);
    try {
      const context = { ...lab.context, witness };
      const { controls } = lab.target;
      await runCase(joined, { context, controls, watch: new LeakWatch(), coverage: new CoverageTable() });
    } finally {
      await lab.close();
    }
    return heard.flatMap(({ heard: one, askedGroup }): unknown[] => {
      if (one.kind !== 'other') return [];
      return [one.pdu.kind === 'bindAck' ? [askedGroup, one.pdu.body.assocGroupId] : one.pdu.kind];
    });
  };

  it('gets it from a good host, and not from one that forgets it', async () => {
    const [first, second] = (await groups()) as [number[], number[]];
    expect(first[0]).to.equal(0);
    expect(second).to.deep.equal([first[1], first[1]]);
    const [, forgotten] = await groups('forgets-its-groups');
    expect(forgotten).to.equal('bindNak');
  });
});
