import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../usage-error';
import { PROFILES } from './profile';
import { loadProfile, parseProfile } from './profile-file';

const THIRD = `
name: third
countsVirtualMachines: false
failedRenewalRetryHours: 24
discoveryUsesPriorityAndWeight: true
initialGraceDays: { client: 30, server: 60 }
countSurvivesRestart: true
`;

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).to.be.instanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error('nothing was wrong');
}

describe('profile files', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-profile-'));
    writeFileSync(join(folder, 'third.yaml'), THIRD);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('takes the known ones by name, and the default where none is named', () => {
    expect(loadProfile('vista-2008', folder)).to.equal(PROFILES['vista-2008']);
    expect(loadProfile(undefined, folder)).to.equal(PROFILES['win7-2008r2']);
  });

  it('reads a third one from a file', () => {
    expect(loadProfile('third.yaml', folder)).to.deep.equal({
      name: 'third',
      countsVirtualMachines: false,
      failedRenewalRetryHours: 24,
      discoveryUsesPriorityAndWeight: true,
      initialGraceDays: { client: 30, server: 60 },
      countSurvivesRestart: true,
    });
  });

  it('says which profiles there are where there is neither a name nor a file', () => {
    expect(problemOf(() => loadProfile('win8', folder))).to.match(/win8.*win7-2008r2, vista-2008.*ENOENT/);
  });

  const bad: [string, string, RegExp][] = [
    ['a switch that is missing', THIRD.replace(/countSurvivesRestart.*\n/, ''), /countSurvivesRestart/],
    ['a switch of another kind', THIRD.replace('false', 'maybe'), /countsVirtualMachines/],
    ['a switch that nobody knows', `${THIRD}countsServersTwice: true\n`, /countsServersTwice/],
    ['a negative time', THIRD.replace('server: 60', 'server: -1'), /initialGraceDays\.server/],
    ['no YAML', '{ name: ', /profile bad\.yaml/],
    ['nothing', '', /the whole of it/],
    ['aliases', 'a: &a [x]\nb: *a\n', /profile bad\.yaml/],
  ];
  for (const [what, text, problem] of bad) {
    it(`refuses ${what}, and says where`, () => {
      expect(problemOf(() => parseProfile(text, 'bad.yaml'))).to.match(problem);
    });
  }
});
