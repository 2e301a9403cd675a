import { expect } from 'chai';
import { causeInWords, causesOf } from './causes';
import type { Result } from './result';

const failed = (id: string, message: string, more: Partial<Result> = {}): Result => ({
  id,
  level: 'MUST',
  suite: id.split('-')[0]!,
  title: 'does it',
  source: 'C706',
  outcome: 'failed',
  message: `sent ${id}; ${message} (C706)`,
  failureClass: message,
  durationMs: 1,
  ...more,
});

const CLOSED = 'the host closed the connection, while binding';

describe('causes of failures', () => {
  it('join failures that came to the same end, in the place of the first', () => {
    const failures = [
      failed('RPC-01', CLOSED),
      failed('CNT-01', 'the first client: expected 1, received 2'),
      failed('RPC-02', CLOSED),
      failed('MSG-01', CLOSED),
    ];
    expect(
      causesOf(failures).map(({ first, others }) => [first.id, others.map(({ id }) => id)]),
    ).to.deep.equal([
      ['RPC-01', ['RPC-02', 'MSG-01']],
      ['CNT-01', []],
    ]);
  });

  it('leave deaths, flaky ones and what is no failure alone', () => {
    const died = `${CLOSED}; the host died meanwhile`;
    const alone = [
      failed('ROB-01', died),
      failed('ROB-02', died),
      failed('RPC-01', CLOSED, { flaky: true }),
      failed('RPC-02', CLOSED),
      failed('RPC-03', CLOSED, { outcome: 'not-run' }),
    ];
    expect(causesOf(alone).map(({ others }) => others.length)).to.deep.equal([0, 0, 0, 0, 0]);
  });

  it('are told in words, with how many fail alike', () => {
    const received = 'closed the connection, while binding';
    const [first, ...others] = ['A-1', 'A-2'].map((id) =>
      failed(id, CLOSED, { expected: 'an answer', received }),
    );
    expect(causeInWords({ first: first!, others })).to.equal(`2 requirements fail alike: ${CLOSED}`);
    expect(causeInWords({ first: first!, others: [] })).to.equal(undefined);
    const counts = ['A-1', 'A-2'].map((id) => failed(id, 'x', { expected: '4', received: '1' }));
    expect(causeInWords({ first: counts[0]!, others: counts.slice(1) })).to.match(
      /alike: expected 4, received 1$/,
    );
    const bare = ['A-1', 'A-2'].map((id) => failed(id, 'differs'));
    expect(causeInWords({ first: bare[0]!, others: bare.slice(1) })).to.match(/alike: differs$/);
  });
});
