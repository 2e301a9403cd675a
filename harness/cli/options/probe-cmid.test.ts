import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { isGuid } from '../../../protocol';
import { probeClientMachineId, stateFolder } from './probe-cmid';

describe('where the CMID of probes is kept', () => {
  it('is the state folder of the user, where the environment names one', () => {
    expect(stateFolder({ XDG_STATE_HOME: '/state', HOME: '/home/a' })).to.equal('/state/kmsspec');
    expect(stateFolder({ HOME: '/home/a' })).to.equal('/home/a/.local/state/kmsspec');
    // The specification has relative paths passed over.
    expect(stateFolder({ XDG_STATE_HOME: 'state', HOME: '/home/a' })).to.equal(
      '/home/a/.local/state/kmsspec',
    );
    expect(stateFolder({ HOME: '' })).to.equal(null);
    expect(stateFolder({})).to.equal(null);
  });

  it('does not matter where one was given, and is told where it cannot be used', async () => {
    let told = '';
    const stderr = new Writable({
      write(chunk: Buffer, _, done) {
        told += chunk.toString();
        done();
      },
    });
    const home = mkdtempSync(join(tmpdir(), 'kmsspec-state-'));
    try {
      const env = { XDG_STATE_HOME: home };
      expect(await probeClientMachineId('given', { env, stderr })).to.equal('given');
      expect(isGuid(await probeClientMachineId(undefined, { env, stderr }))).to.equal(true);
      expect(told).to.equal('');
      writeFileSync(join(home, 'file'), '');
      const broken = { XDG_STATE_HOME: join(home, 'file') };
      expect(isGuid(await probeClientMachineId(undefined, { env: broken, stderr }))).to.equal(true);
      expect(told).to.contain('cannot be kept').and.to.contain('--cmid GUID');
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
