/** A requirement of one's own: `kmsspec run OWN --scenarios examples/own-scenarios`. */
import { client, clients, expect, requirement, type RequirementEntry } from 'kmsspec/scenarios';

const OWN_01: RequirementEntry = {
  id: 'OWN-01',
  level: 'MUST',
  title: 'gives a machine that asks twice at once one place only',
  sources: ['our service description, 4.2'],
};

describe('our own promises', () => {
  requirement(OWN_01, { adds: 4 }, async ({ host }) => {
    const [, , third] = await host.activateEach(clients(3));
    const twin = client();
    const answers = await host.activateTogether([twin, twin]);
    expect(answers.map(({ count }) => count)).to.deep.equal([third!.count + 1, third!.count + 1]);
  });
});
