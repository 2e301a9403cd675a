import { expect } from 'chai';
import { buildCPeer, type CPeer, findCompiler } from '../../bench/c-client/c-peer';
import { run } from '../../bench/load-c';
import type { BenchReport, Goal } from '../../bench/section';
import { KmsClient } from '../../harness/client';
import { machineRequest } from '../../harness/model/machine-request';
import { systemClock } from '../../harness/support/clock';
import { Random } from '../../harness/support/random';
import { startLabHost } from '../../harness/lab-host';
import { requireProgram } from '../../harness/testing/tshark';

const SHORT_MS = 600;

/** Keeps what a section measured. */
class Kept implements BenchReport {
  readonly measures: { readonly what: string; readonly value: number; readonly goal: Goal | undefined }[] =
    [];
  readonly notes: string[] = [];
  measured(what: string, value: number, _unit: string, goal?: Goal): void {
    this.measures.push({ what, value, goal });
  }
  note(text: string): void {
    this.notes.push(text);
  }
}

describe('client and host in C that the load is measured beside', function () {
  let peer: CPeer;
  before(async () => {
    await requireProgram('clang', 'clang');
    peer = await buildCPeer('clang');
  });
  after(() => peer.release());

  for (const mode of ['kept', 'each'] as const) {
    for (const connections of [1, 5]) {
      it(`the client asks a lab host, as many times as that counts, ${mode} on ${connections}`, async () => {
        const host = await startLabHost();
        try {
          // What it was recorded with: the count of the answers is none of what a client in C looks at.
          const { perSecond, cpuUs } = await peer.ask(host.port, { mode, connections }, SHORT_MS);
          expect(perSecond).to.be.above(0);
          expect(cpuUs).to.be.above(0);
          const { totalRequests } = await host.controls.observe();
          expect(totalRequests).to.be.at.least(connections);
        } finally {
          await host.close();
        }
      });
    }
  }

  it('the host answers our client with the CMID and the time of its own request', async () => {
    const host = await peer.startHost();
    const client = new KmsClient({ endpoint: { host: '127.0.0.1', port: host.port } });
    try {
      const session = await client.session();
      for (let seed = 2; seed < 5; seed++) {
        const request = machineRequest({ product: 'win7', random: new Random(seed), clock: systemClock });
        const { answer } = await session.activate(request);
        if (answer?.kind !== 'response') throw new Error(`answered ${answer?.kind}`);
        const { clientMachineId, requestTime, currentClientCount } = answer.value;
        expect([clientMachineId, requestTime]).to.deep.equal([request.clientMachineId, request.requestTime]);
        expect(currentClientCount).to.equal(50);
      }
    } finally {
      await client.close();
      await host.close();
    }
  });

  it('the section measures all of it, and has a goal beside each share', async () => {
    const report = new Kept();
    await run(report, SHORT_MS);
    for (const { what, value } of report.measures) expect(value, what).to.be.above(0);
    const shares = report.measures.filter(({ goal }) => goal !== undefined);
    expect(shares.map(({ goal }) => goal?.atLeast)).to.deep.equal([1.5, 1.5, 1, 1]);
  });

  it('says so where there is no compiler', () => {
    expect(findCompiler(['no-such-compiler'])).to.equal(null);
    expect(findCompiler(['no-such-compiler', 'clang'])).to.equal('clang');
  });
});
