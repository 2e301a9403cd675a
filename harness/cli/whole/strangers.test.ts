import { expect } from 'chai';
import { openStranger, QUICK_STRANGERS } from '../../../scenarios/testing/strangers';
import { heldAgainst, JUDGING_LINES } from '../testing/stranger-verbs';

describe('a good host that is not ours, without controls', function () {
  this.timeout(60_000);

  for (const stranger of QUICK_STRANGERS) {
    it(`${stranger.name}: is accused by no verb`, async () => {
      for (const [what, line] of Object.entries(JUDGING_LINES)) {
        const opened = await openStranger([stranger], false);
        try {
          expect(await heldAgainst(line, opened.port), what).to.deep.equal([]);
        } finally {
          await opened.close();
        }
      }
    });
  }
});
