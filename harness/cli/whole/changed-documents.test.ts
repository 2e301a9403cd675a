import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '../../../reports/formats/json';
import { fullReport } from '../../../reports/testing/full-report';
import { packageRoot } from '../../support/package-root';
import { Random } from '../../support/random';
import { WorkFolder } from '../testing/capture-verbs';

/** Documents that others hand over, each with the verb that reads it first. */
const DOCUMENTS: Readonly<Record<string, { readonly text: () => string; readonly argv: readonly string[] }>> =
  {
    report: { text: () => writeJson(fullReport()), argv: ['report', 'd', '--json', 'o.json'] },
    history: {
      text: () => readFileSync(join(packageRoot(), 'examples/histories/lost-update.json'), 'utf8'),
      argv: ['check-history', 'd'],
    },
  };
/** Of each kind of change, spread over the whole document. */
const CHANGES = 200;

describe('documents of others, cut and changed', function () {
  this.timeout(120_000);
  const folder = new WorkFolder();

  for (const [name, { text, argv }] of Object.entries(DOCUMENTS)) {
    it(`give no exception that is not ours, and cut ones no result: ${name}`, async () => {
      const good = Buffer.from(text().trimEnd());
      const random = new Random(19);
      for (let i = 0; i < CHANGES; i++) {
        const at = Math.floor((i / CHANGES) * good.length);
        writeFileSync(folder.file('d'), good.subarray(0, at));
        const cut = await folder.run(argv);
        expect([cut.exitCode, cut.stdout], `${at} octets`).to.deep.equal([2, '']);
        expect(cut.stderr, `${at} octets`).to.not.contain('unexpected:');
        const changed = Buffer.from(good);
        changed[Math.min(at + random.int(0, 99), good.length - 1)]! ^= 1 << random.int(0, 7);
        writeFileSync(folder.file('d'), changed);
        const { stderr } = await folder.run(argv);
        expect(stderr, `octet near ${at}`).to.not.contain('unexpected:');
      }
    });
  }
});
