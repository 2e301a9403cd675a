import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secondsInWords } from './control-seconds';
import { ControlFailure, openControls } from './controls';

/** What a finding or a plan of somebody else's may hold where seconds belong. */
const OTHERS: readonly unknown[] = [
  '1; touch PWNED',
  '1',
  '',
  NaN,
  Infinity,
  -Infinity,
  -1,
  1e21,
  null,
  undefined,
  [1],
  { toString: () => '1' },
  1n,
  true,
  Symbol('1'),
];

describe('the seconds of a control', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'seconds-test-'))));
  after(() => rm(folder, { recursive: true }));

  it('are a number, or no program is started', async () => {
    const script = join(folder, 'trusting.sh');
    await writeFile(script, '#!/bin/sh\ntouch RUN\neval "true $1"\n', { mode: 0o755 });
    const { advanceClock } = openControls({ advanceClock: [script, '{seconds}'] }, { cwd: folder }).controls;
    for (const seconds of OTHERS) {
      const error = await advanceClock!(seconds as number).then(
        () => null,
        (failure: unknown) => failure,
      );
      expect(error).to.be.instanceOf(ControlFailure);
      expect((error as Error).message).to.contain('no number of seconds');
    }
    expect(existsSync(join(folder, 'RUN'))).to.equal(false);
    await advanceClock!(1);
    expect([existsSync(join(folder, 'RUN')), existsSync(join(folder, 'PWNED'))]).to.deep.equal([true, false]);
  });

  it('are written as digits, whatever their size', () => {
    const words = [0, 1, 1.5, 1e-7, 31_557_600, 1e10].map(secondsInWords);
    expect(words).to.deep.equal(['0', '1', '1.5', '0', '31557600', '10000000000']);
  });
});
