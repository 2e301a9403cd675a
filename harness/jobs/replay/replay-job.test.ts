import { expect } from 'chai';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { expectEvidence, withLabTarget } from '../testing/lab-target';
import { readConversations } from './conversations';
import { labLikeRecorded, replay, type ReplayPlan } from './replay-job';

async function plan(name: string, more: Partial<ReplayPlan> = {}): Promise<ReplayPlan> {
  const recording = await readConversations(join(packageRoot(), 'captures', 'corpus', name));
  return { recording, name, seed: 7, ...more };
}

describe('a replay as a job', () => {
  it('agrees with the recording, message by message, byte by byte and anew', async () => {
    for (const how of [{}, { raw: true }, { fresh: true }]) {
      const given = await plan('v4-mixed-growth.pcap', how);
      const { results, sections, ended } = await withLabTarget(labLikeRecorded(given), (target) =>
        replay(given, { target }),
      );
      expect(results[0]).to.include({ id: 'REPLAY', outcome: 'passed' });
      expect(sections.replay.exchanges).to.have.length(65);
      expect(ended).to.equal(undefined);
    }
  });

  it('has what was sent, recorded and answered as evidence of the first exchange that differs', async () => {
    const given = await plan('v4-mixed-growth.pcap');
    const outcome = await withLabTarget({ ...labLikeRecorded(given), faults: ['cap-49'] }, (target) =>
      replay(given, { target }),
    );
    const evidence = expectEvidence(outcome, /currentClientCount: recorded 50, answered 49/);
    expect(evidence.map(({ note }) => note)).to.deep.equal([
      undefined,
      'as recorded',
      'as answered in this replay',
    ]);
    const [first] = outcome.sections.replay.exchanges.filter(({ verdict }) => verdict === 'differs');
    expect(evidence).to.deep.equal(first?.evidence);
  });

  it('gives an embedded host the key that the recording shows, and says so', async () => {
    const given = await plan('v4-refused.pcap');
    const { sections } = await withLabTarget(labLikeRecorded(given), (target) => replay(given, { target }));
    expect(sections.replay.warnings?.[0]).to.match(/^the recorded host refused products/);
    expect(labLikeRecorded({ ...given, keyGroup: 'win7' }).keyGroup).to.equal('win7');
  });

  it('tells each exchange as it is done, and ends at a signal', async () => {
    const given = await plan('v4-mixed-growth.pcap');
    const interruption = new AbortController();
    const rows: number[] = [];
    const { results, ended } = await withLabTarget(labLikeRecorded(given), (target) =>
      replay(
        given,
        { target },
        {
          signal: interruption.signal,
          onRow: ({ recorded }) => {
            rows.push(recorded.index);
            if (rows.length === 3) interruption.abort();
          },
        },
      ),
    );
    expect(rows).to.deep.equal([0, 1, 2]);
    expect(ended?.how).to.equal('interrupted');
    expect(results[0]).to.include({ outcome: 'not-run' });
  });
});
