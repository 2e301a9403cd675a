import { expect } from 'chai';
import { startLabHost } from '../../lab-host';
import { openTarget } from '../../target';
import { expectEvidence, withLabTarget } from '../testing/lab-target';
import { parseStream } from './parse';
import type { StreamEvent } from './stream-event';
import { rehearseStream, runStream } from './stream-job';

const plan = (notation: string) => ({ program: parseStream(notation), seed: 7 });

describe('a stream as a job', () => {
  it('judges each count, and tells every request with its exchange', async () => {
    const events: StreamEvent[] = [];
    const outcome = await withLabTarget({}, (target) =>
      runStream(plan('server*3 wait(1d) client*2'), { target }, { onEvent: (event) => events.push(event) }),
    );
    expect(outcome.results[0])
      .to.include({ id: 'STREAM', outcome: 'passed' })
      .and.not.have.property('evidence');
    expect(outcome.ended).to.equal(undefined);
    expect(events.map(({ kind }) => kind)).to.deep.equal([
      'point',
      'point',
      'point',
      'control',
      'point',
      'point',
    ]);
    for (const event of events)
      if (event.kind === 'point') expect(event.exchange?.pdus.received).to.have.length(1);
  });

  it('has the exchange whose count is wrong as evidence, and two on each side', async () => {
    for (const keep of [true, false]) {
      const outcome = await withLabTarget({ faults: ['cap-49'] }, (target) =>
        runStream({ ...plan('client*60'), keep }, { target }),
      );
      const evidence = expectEvidence(outcome, /^request 50:/);
      expect(evidence.map(({ direction }) => direction)).to.deep.equal(
        Array.from({ length: 5 }, () => ['sent', 'received']).flat(),
      );
      const noted = evidence.findIndex(({ note }) => note !== undefined);
      expect(noted).to.equal(5);
      expect(evidence[noted]?.note).to.include('client 50');
    }
  });

  it('is not run where the host gives no answer, with what was sent as evidence', async () => {
    const outcome = await withLabTarget({ faults: ['one-call-then-deaf'] }, (target) =>
      runStream({ ...plan('client*3'), keep: true }, { target }),
    );
    expect(outcome.ended?.how).to.equal('target-died');
    const [verdict] = outcome.results;
    expect(verdict).to.include({ outcome: 'not-run' });
    expect(verdict?.evidence?.map(({ direction }) => direction)).to.deep.equal(['sent', 'received', 'sent']);
  });

  it('fails at a host whose history is not known only where the first count was a fresh host’s', async () => {
    const host = await startLabHost({ faults: ['cap-49'] });
    try {
      const target = await openTarget({ address: `127.0.0.1:${host.port}` });
      const fresh = await runStream(plan('client*60'), { target });
      expect(fresh.results[0]).to.include({ outcome: 'failed' });
      const again = await runStream({ ...plan('client*60'), seed: 8 }, { target });
      expect(again.results[0]).to.include({ outcome: 'inconclusive' });
    } finally {
      await host.close();
    }
  });

  it('ends after so many requests, and is rehearsed without sending', async () => {
    const outcome = await withLabTarget({}, (target) =>
      runStream({ ...plan('client*forever'), requests: 4 }, { target }),
    );
    expect(outcome.sections.trajectory.requests).to.equal(4);
    expect(rehearseStream(plan('vista server'))).to.include({ requiredClientCount: 25 });
    expect(() => rehearseStream(plan('client renew(server)'))).to.throw(/no server machine has asked/);
  });
});
