import { expect } from 'chai';
import type { Exchange } from '../../../protocol';
import { Random } from '../../support/random';
import { type LabHostOptions, startLabHost } from '../../lab-host';
import { openTarget, type Target } from '../../target';
import { describeExpected, type ReplayOutcome, type ReplayRow } from '.';
import { COUNTS, capture, captured, replayedRows } from './testing/captures';

describe('replay to a host of another process, without controls', () => {
  let target: Target | null = null;
  afterEach(async () => {
    await target?.close();
    target = null;
  });

  /** Asks a lab host that counted what `before` sent. */
  async function replayedTo(
    name: string,
    lab: LabHostOptions,
    before: readonly Exchange[] = [],
  ): Promise<ReplayOutcome & { readonly rows: readonly ReplayRow[] }> {
    const host = await startLabHost(lab);
    try {
      target = await openTarget({ address: `127.0.0.1:${host.port}` });
      const common = { target, keyGroup: 'any' as const, targetIsFresh: false };
      if (before.length > 0) await replayedRows({ ...common, exchanges: before, fresh: new Random(99) });
      return await replayedRows({ ...common, exchanges: await capture(name), fresh: new Random(5) });
    } finally {
      await host.close();
    }
  }
  const verdicts = ({ tally: { verdicts: of } }: ReplayOutcome): number[] => [
    of.agrees,
    of.differs,
    of['not-comparable'],
  ];

  it('tells a count that is lower than any history leaves', async () => {
    const outcome = await replayedTo('v4-mixed-growth', { faults: ['cap-49'] });
    expect(verdicts(outcome)).to.deep.equal([54, 11, 0]);
    const { comparison } = outcome.rows.at(-1)!;
    expect(comparison.mustNotDiffer).to.have.length(1);
    expect(comparison.mustNotDiffer[0]).to.include({
      path: 'currentClientCount',
      recorded: '50',
      answered: '49',
    });
    expect(comparison.mustNotDiffer[0]!.reason).to.contain('fewer than the 50');
    expect(describeExpected(outcome.rows.at(-1)!)).to.equal('50');
  });

  it('judges a fresh one as fresh, and expects what it answers', async () => {
    const outcome = await replayedTo('v4-mixed-growth', {});
    expect(verdicts(outcome)).to.deep.equal([65, 0, 0]);
    expect(outcome.rows.map(describeExpected)).to.deep.equal(COUNTS['v4-mixed-growth']!.map(String));
  });

  it('lets one that has counted others answer more, and says from which count on', async () => {
    const exchanges = await captured('v4-threshold-clients');
    const outcome = await replayedTo('v4-mixed-growth', {}, exchanges.slice(0, 7));
    expect(verdicts(outcome)).to.deep.equal([65, 0, 0]);
    expect(outcome.rows[0]!.comparison.mayDiffer.map(({ path }) => path)).to.include('currentClientCount');
    expect(describeExpected(outcome.rows[0]!)).to.equal('≥ 1');
    const low = await replayedTo('v4-mixed-growth', { faults: ['cap-49'] }, exchanges.slice(0, 7));
    expect(verdicts(low)[1]).to.equal(11);
  });

  it('does not judge one that began as a fresh one and answers more', async () => {
    const outcome = await replayedTo('v4-mixed-growth', { faults: ['cap-51'] });
    expect(verdicts(outcome)).to.deep.equal([55, 0, 10]);
    expect(outcome.rows.at(-1)!.comparison.note).to.match(/answers 51 instead of 50/);
  });
});
