/** A requirement of one's own: `kmsspec run OWN --scenarios examples/own-scenarios`. */
import { client, expect, requirement, type RequirementEntry } from 'kmsspec/scenarios';

const OWN_01: RequirementEntry = {
  id: 'OWN-01',
  level: 'MUST',
  title: 'knows a machine again that was renamed',
  sources: ['our service description, 4.2'],
};

describe('our own promises', () => {
  requirement(OWN_01, { adds: 1 }, async ({ host }) => {
    const machine = client();
    const before = await host.activate(machine, { workstationName: 'PC-17.corp.example' });
    const after = await host.activate(machine, { workstationName: 'PC-18.corp.example' });
    expect(after.count).to.equal(before.count);
  });
});
