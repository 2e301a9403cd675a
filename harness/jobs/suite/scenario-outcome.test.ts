import { expect } from 'chai';
import { ProtocolError } from '../../../protocol';
import { HostFailure } from '../../client';
import { ControlFailure } from '../../target';
import { UsageError } from '../../support/usage-error';
import type { Scenario } from './scenario';
import { type Observed, outcomeOfError } from './scenario-outcome';
import { Inconclusive, Untestable } from './verdict';

const SCENARIO = { entry: { id: 'CNT-01', sources: ['UK 2.2', 'EN'] } } as unknown as Scenario;
const OBSERVED: Observed = {
  notes: ['a note'],
  durationMs: 5,
  evidence: () => [{ direction: 'sent', pdu: 'request', hex: '05' }],
  lastSent: 'an activation',
  limits: [],
};
const outcomeOf = (error: unknown, observed: Partial<Observed> = {}) =>
  outcomeOfError(SCENARIO, error, { ...OBSERVED, ...observed });
const thrownBy = (act: () => void): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
};
const failure = (kind: 'reset' | 'local-limit'): HostFailure =>
  new HostFailure({ kind, stage: 'answer', endpoint: { host: 'h', port: 1 }, what: 'went' });

describe('what an error of a scenario comes to', () => {
  for (const [what, error, outcome, reason] of [
    ['a clause that could not be decided', new Inconclusive('moved'), 'inconclusive', 'moved'],
    ['what the target cannot show', new Untestable('no clock'), 'untestable', 'no clock'],
    [
      'a machine out of ports',
      failure('local-limit'),
      'inconclusive',
      'h:1 went, while waiting for the answer',
    ],
    [
      'a defect of the scenario',
      new TypeError('x is undefined'),
      'inconclusive',
      'the scenario itself failed: x is undefined',
    ],
    ['a wrong input of the scenario', new UsageError('no'), 'inconclusive', 'the scenario itself failed: no'],
  ] as const) {
    it(`is ${outcome}: ${what}`, () => {
      expect(outcomeOf(error)).to.deep.equal({
        outcome,
        reason,
        notes: ['a note'],
        durationMs: 5,
        evidence: [],
      });
    });
  }

  it('is inconclusive where a decoder that the scenario calls throws', () => {
    const details = { code: 'truncated', path: 'a', offset: 0, expected: '1', actual: '0' } as const;
    expect(outcomeOf(new ProtocolError(details)).reason).to.match(/^the scenario itself failed: /);
  });

  it('is inconclusive where a control failed, and says that it was the control', () => {
    const error = new ControlFailure(
      'reset',
      ['./ctl', 'reset'],
      'ended with exit code 3',
      'no such service\n',
    );
    const outcome = outcomeOf(error);
    expect(outcome).to.include({ outcome: 'inconclusive', controlFailed: true });
    expect(outcome.reason).to.equal(
      'the control reset (./ctl reset) ended with exit code 3: no such service',
    );
  });

  it('is a failure where the host cut the connection', () => {
    const outcome = outcomeOf(failure('reset'));
    expect(outcome).to.deep.include({ outcome: 'failed', expected: 'an answer', notes: ['a note'] });
    expect(outcome.message).to.equal(
      'sent an activation; the host went, while waiting for the answer (UK 2.2; EN)',
    );
    expect(outcome.evidence).to.deep.equal(OBSERVED.evidence());
  });

  it('is inconclusive where this machine ran out of something since the suite began, and says of what', () => {
    expect(outcomeOf(failure('reset'), { limits: ['no ports', 'no memory'] })).to.deep.include({
      outcome: 'inconclusive',
      reason: 'this machine did not suffice: no ports; the host went, while waiting for the answer',
    });
  });

  it('is a failure with the two sides of a deviation, as far as there are two', () => {
    expect(outcomeOf(Object.assign(new Error('differs'), { expected: 'a', actual: 'b' }))).to.include({
      expected: 'a',
      received: 'b',
    });
    const quoting = outcomeOf(Object.assign(new Error('differs'), { expected: '"a"', actual: 'b, "c"' }));
    expect(quoting, 'words that hold quotes are not quoted again').to.include({
      ...{ expected: '"a"', received: 'b, "c"' },
    });
    const bare = outcomeOf(new Error('differs'));
    expect(bare).to.not.have.any.keys('expected', 'received');
    expect(bare.message).to.equal('sent an activation; differs (UK 2.2; EN)');
  });

  for (const [what, compare, message, expected, received] of [
    ['numbers', () => expect(1, 'the count').to.equal(4), 'the count: expected 4, received 1', '4', '1'],
    ['bigints', () => expect(1n).to.equal(2n), 'expected 2, received 1', '2', '1'],
    ['texts', () => expect('a').to.equal('b'), 'expected b, received a', 'b', 'a'],
    [
      'lists with bigints in them',
      () => expect([1n]).to.deep.equal([2n]),
      'expected [2], received [1]',
      '[2]',
      '[1]',
    ],
    [
      'something and nothing',
      () => expect('a').to.equal(undefined),
      'expected nothing, received a',
      'nothing',
      'a',
    ],
  ] as const) {
    it(`tells chai's comparison of ${what} as every other: first what was expected`, () => {
      const outcome = outcomeOf(thrownBy(compare));
      expect(outcome.message).to.equal(`sent an activation; ${message} (UK 2.2; EN)`);
      expect([outcome.expected, outcome.received]).to.deep.equal([expected, received]);
    });
  }

  it('keeps what else chai says, with zeros as people write them', () => {
    const outcome = outcomeOf(thrownBy(() => expect(0, 'the count').to.be.at.least(1)));
    expect(outcome.message).to.equal(
      'sent an activation; the count: expected at least 1, received 0 (UK 2.2; EN)',
    );
  });

  it('is a failure where something else than an error was thrown', () => {
    expect(outcomeOf('gone')).to.include({
      outcome: 'failed',
      message: 'sent an activation; gone (UK 2.2; EN)',
    });
  });

  it('tells failures apart by their counts only where the host was empty before', () => {
    const classOf = (received: number, foundCount?: number): string =>
      outcomeOf(new Error(`expected 4, received ${received}`), foundCount === undefined ? {} : { foundCount })
        .failureClass!;
    expect(classOf(1)).to.not.equal(classOf(2));
    expect(classOf(1, 0)).to.not.equal(classOf(2, 0));
    expect(classOf(1, 30)).to.equal(classOf(2, 30));
  });
});
