import { expect } from 'chai';
import type { Answer, KmsResponse } from '../../../protocol';
import { compareAnswers, type ComparisonSetting } from '.';

describe('comparison', () => {
  const value: KmsResponse = {
    minorVersion: 0,
    majorVersion: 4,
    ePidSize: 4,
    ePid: 'a',
    clientMachineId: '00000000-0000-0000-0000-000000000001',
    requestTime: 7n,
    currentClientCount: 3,
    activationIntervalMinutes: 120,
    renewalIntervalMinutes: 10080,
    mac: new Uint8Array(16),
  };
  const setting: ComparisonSetting = {
    sameHistory: true,
    historyReason: 'history',
    embedded: false,
    sent: null,
    intervals: {},
  };
  const answer = (fields: Partial<KmsResponse> = {}): Answer => ({
    kind: 'response',
    bytes: new Uint8Array(0),
    value: { ...value, ...fields },
  });
  const fields: [string, Partial<KmsResponse>, Partial<ComparisonSetting>, 'may' | 'must not'][] = [
    ['ePid', { ePid: 'b' }, {}, 'may'],
    ['mac', { mac: new Uint8Array(16).fill(1) }, {}, 'may'],
    ['currentClientCount', { currentClientCount: 4 }, {}, 'must not'],
    ['currentClientCount', { currentClientCount: 4 }, { sameHistory: false }, 'may'],
    ['clientMachineId', { clientMachineId: '00000000-0000-0000-0000-000000000002' }, {}, 'must not'],
    ['requestTime', { requestTime: 8n }, {}, 'must not'],
    ['activationIntervalMinutes', { activationIntervalMinutes: 60 }, {}, 'must not'],
    [
      'activationIntervalMinutes',
      { activationIntervalMinutes: 60 },
      { intervals: { activationMinutes: 60 } },
      'may',
    ],
    [
      'renewalIntervalMinutes',
      { renewalIntervalMinutes: 60 },
      { intervals: { activationMinutes: 60 } },
      'must not',
    ],
    ['majorVersion', { majorVersion: 5 }, {}, 'must not'],
  ];
  for (const [path, changed, changedSetting, verdict] of fields) {
    it(`${path} ${verdict} differ${Object.keys(changedSetting).length > 0 ? ` with ${JSON.stringify(changedSetting)}` : ''}`, () => {
      const { mayDiffer, mustNotDiffer, equal } = compareAnswers(answer(), answer(changed), {
        ...setting,
        ...changedSetting,
      });
      const [found, other] = verdict === 'may' ? [mayDiffer, mustNotDiffer] : [mustNotDiffer, mayDiffer];
      expect(found.map((one) => one.path)).to.deep.equal([path]);
      expect(found[0]!.reason).to.not.equal('');
      expect(other).to.deep.equal([]);
      expect(equal).to.have.length(9).and.not.include(path);
    });
  }

  it('tells answers of another kind, other codes, and a stale client time', () => {
    const refusal: Answer = { kind: 'refusal', hresult: 0xc004f042 };
    const stale: Answer = { kind: 'refusal', hresult: 0xc004f06c };
    const fault: Answer = { kind: 'fault', status: 5 };
    expect(compareAnswers(answer(), refusal, setting).verdict).to.equal('differs');
    expect(compareAnswers(refusal, refusal, setting).verdict).to.equal('agrees');
    expect(compareAnswers(refusal, stale, setting).mustNotDiffer[0]).to.include({ path: 'hresult' });
    expect(compareAnswers(fault, { kind: 'fault', status: 6 }, setting).mustNotDiffer[0]).to.include({
      path: 'status',
    });
    expect(compareAnswers(answer(), stale, setting).note).to.contain('--fresh');
  });
});
