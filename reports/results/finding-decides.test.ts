import { expect } from 'chai';
import { findingDecides } from './exit-code';
import { brokenRequirement } from './wording';

describe('findings of the fuzzer', () => {
  it('decide by the level of the requirement that they break, as --fail-on says', () => {
    expect(findingDecides({ state: 'new', level: 'MUST' }, ['MUST', 'DESIGN'])).to.equal(true);
    expect(findingDecides({ state: 'flaky', level: 'SHOULD' }, ['MUST', 'DESIGN'])).to.equal(false);
    expect(findingDecides({ state: 'new', level: 'SHOULD' }, ['SHOULD'])).to.equal(true);
    expect(findingDecides({ state: 'fixed', level: 'MUST' }, ['MUST'])).to.equal(false);
  });

  it('of older reports, which name no level, decide', () => {
    expect(findingDecides({ state: 'still-failing' }, [])).to.equal(true);
  });

  it('say what they break as far as they know it', () => {
    expect(brokenRequirement({ requirement: 'RPC-06', level: 'MUST', source: 'C706 12.6.3.5' })).to.equal(
      'RPC-06 (MUST): C706 12.6.3.5',
    );
    expect(brokenRequirement({ requirement: 'RPC-06' })).to.equal('RPC-06');
    expect(brokenRequirement({})).to.equal(undefined);
  });
});
