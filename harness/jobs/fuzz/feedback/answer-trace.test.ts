import { expect } from 'chai';
import { AnswerTrace } from './answer-trace';
import { openFuzzLab } from '../testing/fuzz-lab';
import { runCase } from '../../../cases/conduct/run-case';
import { CoverageTable } from '../../../cases/judge/coverage';
import { LeakWatch } from '../../../cases/judge/leak-watch';
import { GOOD_ASK, type AskStep, type FuzzCase } from '../../../cases/case';

describe('what a case sees of its host', () => {
  const caseOf = (...steps: readonly Partial<AskStep>[]): FuzzCase => ({
    level: 'message',
    applications: ['11111111-1111-4111-8111-111111111111', '21111111-1111-4111-8111-111111111111'],
    machines: ['31111111-1111-4111-8111-111111111111'],
    canary: 7,
    steps: steps.map((step) => ({ ...GOOD_ASK, ...step })),
  });

  it('is kind and status of each answer, what was unusual about its request, and what was answered before', async () => {
    const lab = await openFuzzLab();
    try {
      const { context } = lab;
      const tools = { context, controls: {}, watch: new LeakWatch(), coverage: new CoverageTable() };
      const wordsOf = async (fuzzCase: FuzzCase): Promise<string[]> => {
        const trace = new AnswerTrace();
        await runCase(fuzzCase, { ...tools, trace });
        return [...trace.words].filter((word) => !word.includes('slower'));
      };
      const good = await wordsOf(caseOf({}));
      expect(good).to.have.length(1);
      expect(good[0]).to.match(/^start > response 1 /);
      const opnum = { body: [{ field: 'opnum', mode: 'hostile', value: 7 }] } as const;
      const bad = await wordsOf(caseOf(opnum));
      expect(bad).to.have.members(['start > fault 1c010002', 'rpc.request.opnum hostile > fault 1c010002']);
      const both = await wordsOf(caseOf({}, opnum));
      expect(both.some((word) => /^response .* > fault 1c010002$/.test(word))).to.equal(true);
    } finally {
      await lab.close();
    }
  });

  it('has the time of an answer in powers of two', () => {
    const trace = new AnswerTrace();
    trace.took(10, 10);
    trace.took(19, 10);
    expect([...trace.words]).to.deep.equal([]);
    trace.took(45, 10);
    expect([...trace.words]).to.deep.equal(['start > slower 2']);
  });
});
