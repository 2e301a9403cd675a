import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCoverage } from '../read-coverage';
import { openControls } from '../controls';
import { ControlFailure } from '../control-failure';
import { CoverageMap } from './coverage-map';

describe('what a host ran', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-coverage-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read as pairs, or it is said what is none', () => {
    expect(readCoverage('12:1 13:255')).to.deep.equal([12, 1, 13, 255]);
    expect(readCoverage('  ')).to.deep.equal([]);
    for (const text of ['12', '12:', ':1', '12:1,13:1', '-1:2', '1:2 x', '1:99999999999'])
      expect(readCoverage(text), text).to.match(/no EDGE:HITS/);
  });

  it('is taken out of the file of a host, each time what is new, also of a file that is shorter', () => {
    const file = join(folder, 'map');
    const bytes = Buffer.alloc(65_536);
    bytes[0] = 1;
    bytes[9] = 7;
    bytes[65_535] = 255;
    writeFileSync(file, bytes);
    const map = new CoverageMap(file);
    expect(map.take()).to.equal('0:1 9:7 65535:255');
    expect(map.take()).to.equal('');
    writeFileSync(file, Buffer.from([0, 2, 3]));
    expect(map.take()).to.equal('1:2 2:3');
    map.close();
    expect(() => new CoverageMap(join(folder, 'nothing'))).to.throw(/ENOENT/);
  });

  it('is asked of a program that stays, and what it says wrong fails the control', async () => {
    const shell =
      'n=0; while read -r line; do n=$((n+1)); if [ $n = 1 ]; then echo "ok 5:$n"; else echo "ok five"; fi; done';
    const { controls, close } = openControls({ coverage: ['sh', '-c', shell] });
    try {
      expect(await controls.coverage!()).to.deep.equal([5, 1]);
      const failure = await controls.coverage!().then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(ControlFailure);
      expect((failure as Error).message).to.contain('"five"');
    } finally {
      await close();
    }
  });
});
