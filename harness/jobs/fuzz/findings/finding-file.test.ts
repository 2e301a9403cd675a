import { expect } from 'chai';
import { type FuzzCase, GOOD_ASK, type Step } from '../../../cases/case';
import { violation } from '../../../cases/judge/violation';
import { type Finding, idOf } from './finding';
import { findingFileText, readFindingFile } from './finding-file';

const caseOf = (...steps: readonly unknown[]): FuzzCase => ({
  level: 'message',
  applications: ['6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c01', '6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c02'],
  machines: ['0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e01'],
  canary: 7,
  steps: steps as Step[],
});
const shown = violation('count', 'CNT-20', 'count', 2, 3);
const findingOf = (one: FuzzCase): Finding => ({
  ...shown,
  id: idOf(shown, ['x']),
  reproduced: true,
  cases: [one],
  features: ['x'],
  ...{ seed: 1, index: 4, requests: 1, shrunkFrom: 9 },
});
const textOf = (one: FuzzCase): string =>
  findingFileText(findingOf(one), { target: null, repeat: ['kmsspec fuzz'], evidence: [] });
const problemOf = (text: string): string => {
  const read = readFindingFile(text);
  return read.kind === 'read' ? 'none' : read.problem;
};

const time = { field: 'requestTime', mode: 'hostile', value: 2n ** 64n - 1n };
const good = textOf(caseOf({ ...GOOD_ASK, message: [time] }, { kind: 'advance', seconds: 5 }));

describe('finding.json', () => {
  it('is read back with its bigints', () => {
    const read = readFindingFile(good);
    expect(read.kind === 'read' && read.file.finding.cases[0]!.steps[0]).to.deep.equal({
      ...GOOD_ASK,
      message: [time],
    });
  });

  it('is refused with a reason wherever it is cut, and whatever byte of it is changed', () => {
    const bytes = Buffer.from(good.trimEnd());
    for (let size = 0; size < bytes.length; size += 7)
      expect(problemOf(bytes.subarray(0, size).toString('utf8')), `${size} bytes`).to.not.equal('none');
    for (let at = 0; at < bytes.length; at += 3) {
      for (const bit of [0x01, 0x20]) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= bit;
        const isSpace = bytes[at] === 0x20 || bytes[at] === 0x0a;
        const problem = problemOf(changed.toString('utf8'));
        if (!isSpace) expect(problem, `byte ${at} ^ ${bit}`).to.not.equal('none');
      }
    }
  });

  for (const [why, step, where] of [
    ['an endless wait', { kind: 'advance', seconds: 1e12 }, /seconds/],
    ['a wait that is no number', { kind: 'advance', seconds: 'long' }, /seconds/],
    [
      'a burst without bound',
      { kind: 'burst', count: 1e6, server: true, requiredClientCount: null, application: 0 },
      /count/,
    ],
    ['fragments of nothing', { ...GOOD_ASK, fragmentSize: 0 }, /fragmentSize/],
    ['a step that there is not', { kind: 'explode' }, /kind/],
    [
      'a field with a value of another kind',
      { ...GOOD_ASK, message: [{ ...time, value: 'noon' }] },
      /steps\[0\]/,
    ],
    [
      'bytes that are none',
      { kind: 'raw', on: 0, bytes: { $hex: 'zz' }, cuts: [], bound: true, mode: 'hostile', what: 'x' },
      /hex|bytes/,
    ],
  ] as const) {
    it(`refuses ${why}, though somebody has put its digest right`, () => {
      expect(problemOf(textOf(caseOf(step)))).to.match(where);
    });
  }
});
