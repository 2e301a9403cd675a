import { expect } from 'chai';
import type { Exchange } from '../../../protocol';
import { replayCounts } from '../../../reports/results/replay-counts';
import { ReplayNotes } from './replay-notes';
import { replaySection, trajectorySection } from './replay-report';
import type { ReplayRow } from './replay-row';
import { replaySummary } from './replay-table';
import { ReplayTally } from './replay-tally';
import { capture } from './testing/captures';

describe('the tally of a replay', () => {
  let one: Exchange;
  before(async () => {
    for await (const exchange of await capture('v4-threshold-clients')) {
      one = exchange;
      break;
    }
  });

  const difference = (reason: string) => ({ path: 'ePid', recorded: 'a', answered: 'b', reason });

  /** Every so manieth differs. */
  function rowOf(index: number, every: number): ReplayRow {
    const differs = index % every === every - 1;
    return {
      recorded: { ...one, index },
      answered: one,
      failure: null,
      comparison: {
        verdict: differs ? 'differs' : 'agrees',
        equal: [],
        mayDiffer: [difference('its own')],
        mustNotDiffer: differs ? [difference('not its own')] : [],
      },
      expected: { kind: 'count', count: 1, capacity: 50 },
      bounds: null,
      sent: `client ${index}`,
    };
  }

  function tallied(length: number, every: number): ReplayTally {
    const tally = new ReplayTally(length);
    for (let i = 0; i < length; i++) tally.add(rowOf(i, every));
    return tally;
  }

  it('lists all of a short one', () => {
    const section = replaySection('c', 'messages', tallied(5000, 10), []);
    expect(section.exchanges).to.have.length(5000);
    expect(section).to.not.have.property('unlisted');
  });

  it('lists the first of a long one and those that differ, and counts the others', () => {
    const tally = tallied(40_000, 100);
    const section = replaySection('c', 'messages', tally, []);
    expect(section.exchanges).to.have.length(5000 + 350);
    expect(section.unlisted).to.deep.equal({
      ...{ agrees: 34_650, differs: 0, 'not-comparable': 0 },
      mayDiffer: [{ path: 'ePid', reason: 'its own', times: 34_650 }],
    });
    expect(replayCounts(section)).to.include({ sent: 40_000, agrees: 39_600, differs: 400 });
    expect(section.exchanges.filter(({ evidence }) => evidence !== undefined)).to.have.length(100);
    expect(replaySummary(tally).join('\n')).to.match(
      /^40000 requests sent: 39600 .*, 400 differ,[^]* in 40000$/,
    );
    const { points, requests } = trajectorySection(tally);
    expect([requests, points.length]).to.deep.equal([40_000, 5000 + 400]);
  });

  it('keeps no more however many there are, and however many differ', () => {
    for (const every of [1, 7]) {
      const tally = tallied(20_000, every);
      const { exchanges, unlisted } = replaySection('c', 'messages', tally, []);
      expect(exchanges.length, `${every}`).to.be.within(5000, 10_000);
      expect(replayCounts({ capture: 'c', exchanges, unlisted }).differs).to.equal(tally.verdicts.differs);
      expect(trajectorySection(tally).points.length).to.be.within(5000, 10_000);
    }
  });

  it('has each note once, and counts those beyond what a report holds', () => {
    const notes = new ReplayNotes();
    for (let i = 0; i < 1000; i++) notes.add(`connection ${i >> 1}`);
    expect(notes.list).to.have.length(201);
    expect(notes.list.at(-1)).to.equal('and 600 more notes such as these');
  });
});
