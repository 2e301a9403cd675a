import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';
import { type Ended, JOBS, MAIN, nodeOf, runNode, VERSIONS } from './versions';

/** All tests of one process on the newest take minutes: `npm run test:nodes` has them. */
describe('Node as people have it', function () {
  this.timeout(300_000);
  let folder: string;
  let nodes: ReadonlyMap<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-nodes-'));
    const found = VERSIONS.map(async (version) => [version, await nodeOf(version, folder)] as const);
    nodes = new Map(await Promise.all(found));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('begins with the oldest that package.json allows', () => {
    const { engines } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      engines: { node: string };
    };
    expect(engines.node.split(' ')[0]).to.equal(`^${VERSIONS[0]}`);
  });

  for (const [words, said] of JOBS)
    it(`does on each: ${words.join(' ')}`, async () => {
      // A run waits more than it works: all at once take as long as one.
      const all = VERSIONS.map(
        async (version): Promise<[string, Ended]> => [
          version,
          await runNode(nodes.get(version)!, [MAIN, ...words], join(folder, version)),
        ],
      );
      for (const [version, { code, stdout, stderr }] of await Promise.all(all)) {
        expect(code, `${version}\n${stdout}\n${stderr}`).to.equal(0);
        expect(stdout, version).to.match(said);
      }
    });
});
