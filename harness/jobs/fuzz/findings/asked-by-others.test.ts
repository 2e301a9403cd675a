import { expect } from 'chai';
import { Others } from '../../../../scenarios/testing/others';
import { OPENING_CASES } from '../../../cases/generate/opening-cases';
import { Random } from '../../../support/random';
import { openFuzzLab } from '../testing/fuzz-lab';
import { askedByOthers } from './asked-by-others';
import type { Finding } from './finding';

const [ownApplication, windows] = OPENING_CASES as readonly [Finding['cases'][0], Finding['cases'][0]];
const wrongCount = (cases: Finding['cases'], reproduced = true): Finding =>
  ({ oracle: 'count', cases, reproduced }) as Finding;

describe('a wrong count of Windows', () => {
  const random = new Random(4);
  const nothing = (): Promise<void> => Promise.resolve();

  it('is the host’s own where it stands still while nobody of ours asks', async () => {
    const lab = await openFuzzLab();
    try {
      const why = await askedByOthers(wrongCount([windows]), lab.context, random, nothing);
      expect(why).to.equal(null);
    } finally {
      await lab.close();
    }
  });

  it('is nobody’s fault where others ask, or where it was seen once', async () => {
    const lab = await openFuzzLab();
    const others = new Others(lab.target);
    const othersAsk = (): Promise<void> => others.ask(1, 'win7');
    try {
      const why = await askedByOthers(wrongCount([windows]), lab.context, random, othersAsk);
      expect(why).to.match(/its count moves by itself/);
      const once = await askedByOthers(wrongCount([windows], false), lab.context, random, nothing);
      expect(once).to.match(/others may have asked/);
      const own = await askedByOthers(wrongCount([ownApplication], false), lab.context, random, othersAsk);
      expect(own, 'a table of the case’s own').to.equal(null);
    } finally {
      await others.stop();
      await lab.close();
    }
  });
});
