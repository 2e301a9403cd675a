import { expect } from 'chai';
import type { Socket } from 'node:net';
import { startLabHost } from '../../lab-host';
import { openTarget } from '../../target';
import { startRelay } from '../../testing/relay';
import { diff, type DiffOutcome } from '.';

/** Intervals of 10080 and 120 minutes, as a host answers that has them swapped. */
const SWAPPED = Buffer.from('6027000078000000', 'hex');
/** How workstation names of conversations begin, in UTF-16LE. */
const NAME = Buffer.from('FZ-', 'utf16le');
const PROBE = Buffer.from('FZ-PROBE', 'utf16le');

/** Lets the two ends talk, and makes the first interval of so many of the answers to conversations another one. */
function changing(isChanged: (answer: number) => boolean): (client: Socket, host: Socket) => void {
  let asked = 0;
  return (client, host) => {
    let isConversation = false;
    client.on('data', (bytes: Buffer) => {
      if (bytes.includes(NAME)) isConversation = !bytes.includes(PROBE);
      host.write(bytes);
    });
    client.on('end', () => host.end());
    host.on('data', (bytes: Buffer) => {
      const at = bytes.indexOf(SWAPPED);
      if (at >= 0 && isConversation && isChanged(asked++)) bytes[at]! ^= 1;
      client.write(bytes);
    });
    host.on('end', () => client.end());
  };
}

describe('a host that differs from itself', function () {
  this.timeout(60_000);

  async function compared(
    milliseconds: number,
    isChanged: (answer: number) => boolean,
  ): Promise<DiffOutcome> {
    const host = await startLabHost({ faults: ['intervals-swapped'] });
    const relay = await startRelay(host.port, changing(isChanged));
    const a = await openTarget({ lab: { seed: 1 } });
    const b = await openTarget({ address: `127.0.0.1:${relay.port}` });
    try {
      const plan = { seed: 3, levels: ['message'] as const, corpus: null, runs: 0, timeoutMs: 2000 };
      return await diff(
        { ...plan, milliseconds, stopOnDifference: true, ignore: ['renewalIntervalMinutes'] },
        { target: a, name: 'A' },
        { target: b, name: 'B' },
      );
    } finally {
      await a.close();
      await b.close();
      await relay.close();
      await host.close();
    }
  }

  it('once, and not again, is looked at in it all the same, and the report says so', async () => {
    const { noise, sections, warnings = [] } = await compared(40_000, (answer) => answer === 0);
    expect(noise).to.deep.equal([]);
    expect(sections.findings[0]).to.include({ title: 'activation interval in minutes differs', requests: 1 });
    expect(warnings.join('\n')).to.match(
      /^a host differed from itself once and not again, 1 times, .* such as activation interval in minutes: A: 1008[01]; B: 1008[01]/m,
    );
  });

  it('time and again, is not looked at in it any more, and the report says so', async () => {
    const { noise, sections, warnings = [] } = await compared(6000, (answer) => answer % 2 === 0);
    expect(noise.map(({ path }) => path)).to.include('response.activationIntervalMinutes');
    expect(sections.findings.map(({ title }) => title)).to.not.include(
      'activation interval in minutes differs',
    );
    expect(warnings.join('\n')).to.match(
      /^not looked at, as a host differs from itself in it: activation interval/m,
    );
  });
});
