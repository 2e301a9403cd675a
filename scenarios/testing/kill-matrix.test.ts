import { expect } from 'chai';
import { FAULTS } from '../../harness/lab-host';
import { blindVerdict, isUnseen, killMatrixMarkdown, type KillRow } from './kill-matrix';

const fault = FAULTS.find(({ name }) => name === 'expires-after-29-days')!;
const [named] = fault.requirements as [string];

const row = (results: Parameters<typeof blindVerdict>[1]): KillRow => ({
  fault,
  failed: fault.requirements,
  missed: [],
  ...blindVerdict(fault, results),
});

describe('the kill matrix', () => {
  it('names what caught a fault in a run without controls', () => {
    const caught = row([
      { id: named, outcome: 'failed' },
      { id: 'CNT-01', outcome: 'failed' },
    ]);
    expect([caught.blind, caught.whyNotBlind, isUnseen(caught)]).to.deep.equal([[named], '', false]);
  });

  it('says in the words of that run why what a fault names could not be checked', () => {
    const open = row([{ id: named, outcome: 'untestable', reason: 'needs to set the clock | forward' }]);
    expect([open.blind, isUnseen(open)]).to.deep.equal([[], false]);
    expect(killMatrixMarkdown([open])).to.include(`| ${named} needs to set the clock \\| forward |`);
  });

  it('tells a fault that was not seen and that nothing excuses', () => {
    const survivor = row([{ id: named, outcome: 'passed' }]);
    expect(isUnseen(survivor)).to.equal(true);
    expect(killMatrixMarkdown([survivor])).to.include(`nothing says why: ${fault.name}.`);
  });
});
