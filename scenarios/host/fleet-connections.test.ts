import { expect } from 'chai';
import { HostFailure } from '../../harness/client';
import type { LabHostOptions } from '../../harness/lab-host';
import { machineRequest } from '../../harness/model/machine-request';
import { systemClock } from '../../harness/support/clock';
import { Random } from '../../harness/support/random';
import { openTarget } from '../../harness/target';
import type { Exchange } from '../../protocol';
import { FleetConnections } from './fleet-connections';

const random = new Random(1);
const request = () => machineRequest({ product: 'win7', random, clock: systemClock });
const countOf = ({ answer }: Exchange): number =>
  answer?.kind === 'response' ? answer.value.currentClientCount : -1;

/** Long enough for an answer on a busy machine; where a connection is not served, a test waits for so long. */
const TIMEOUT_MS = 1500;

describe('the connections of a fleet', () => {
  /** Asks so many machines at the same time, again and again. @returns the counts in ascending order, and how many connections were opened */
  async function ask(lab: LabHostOptions, atOnce: number, times: number): Promise<[number[], number]> {
    const target = await openTarget({ lab });
    const client = target.client({ timeoutMs: TIMEOUT_MS });
    const connections = new FleetConnections(client);
    const counts: number[] = [];
    try {
      for (let time = 0; time < times; time++) {
        const asking = Array.from({ length: atOnce }, () => connections.activate(request()));
        counts.push(...(await Promise.all(asking)).map(countOf));
      }
      await connections.close();
      return [counts.sort((a, b) => a - b), client.connections];
    } finally {
      await client.close();
      await target.close();
    }
  }

  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

  it('are as many as ask at the same time', async () => {
    expect(await ask({}, 4, 5)).to.deep.equal([upTo(20), 4]);
  });

  it('are one for each request where the host serves no other while one is open', async () => {
    const [counts, opened] = await ask({ faults: ['one-client-at-a-time'] }, 2, 3);
    expect(counts).to.deep.equal(upTo(6));
    expect(opened).to.be.within(6, 8);
  });

  it('tell how a host failed that answers nobody', async () => {
    const target = await openTarget();
    const client = target.client({ timeoutMs: TIMEOUT_MS });
    await target.close();
    const failed = await new FleetConnections(client).activate(request()).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failed).to.be.instanceOf(HostFailure).with.property('stage', 'connect');
    await client.close();
  });
});
