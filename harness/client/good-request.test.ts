import { expect } from 'chai';
import type { KmsResponse } from '../../protocol';
import { createMac, isGuid, LAB_KEY } from '../../protocol';
import { startLabHost } from '../lab-host';
import { VirtualClock } from '../support/clock';
import { ask } from './ask-once';
import { goodRequest, stableClientMachineId } from './good-request';

describe('the request of a probe', () => {
  it('has the same CMID each time on one machine, and others on others', () => {
    expect(stableClientMachineId('kms-monitor')).to.equal(stableClientMachineId('KMS-Monitor'));
    expect(stableClientMachineId('other')).to.not.equal(stableClientMachineId('kms-monitor'));
    expect(stableClientMachineId()).to.equal(stableClientMachineId());
    expect(isGuid(stableClientMachineId())).to.equal(true);
    // Version 8 and the variant of RFC 9562.
    expect(stableClientMachineId('x')).to.match(/^.{8}-.{4}-8.{3}-[89ab].{3}-.{12}$/);
  });

  it('differs from run to run in its time alone', () => {
    const at = (ms: number) => goodRequest({ clock: new VirtualClock(ms), identity: 'x' });
    expect({ ...at(0), requestTime: 0n }).to.deep.equal({ ...at(1e12), requestTime: 0n });
    expect(at(0)).to.include({ workstationName: 'kmsspec-probe', requiredClientCount: 25 });
  });

  it('renews one record of the host, however often it asks', async () => {
    const host = await startLabHost();
    const options = {
      endpoint: { host: host.address, port: host.port },
      clock: new VirtualClock(Date.now()),
    };
    try {
      for (let i = 0; i < 3; i++) {
        const result = await ask(options);
        expect(result).to.include({ kind: 'answered' });
        expect((result as { response: KmsResponse }).response.currentClientCount).to.equal(1);
      }
    } finally {
      await host.close();
    }
    expect(await ask({ ...options, timeoutMs: 500 })).to.include({ kind: 'unreachable' });
  });

  it('sees a refusal, and an answer that is signed with another key', async () => {
    const host = await startLabHost({ keyGroup: 'office2010' });
    const options = {
      endpoint: { host: host.address, port: host.port },
      clock: new VirtualClock(Date.now()),
    };
    try {
      expect(await ask(options)).to.include({ kind: 'refused', hresult: 0xc004f042 });
      const served = await ask({ ...options, product: 'office2010', sign: createMac(LAB_KEY) });
      expect(served).to.deep.include({ kind: 'answered', defects: [] });
      const other = await ask({ ...options, product: 'office2010', sign: createMac(new Uint8Array(20)) });
      expect(other).to.deep.include({ defects: ['signs with another key'] });
    } finally {
      await host.close();
    }
  });
});
