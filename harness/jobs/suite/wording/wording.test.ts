import { expect } from 'chai';
import { expectationInWords, expectationOf } from './expectation';
import { hintOnNumbers, hintOnUndecodable } from './hints';
import { variedInWords } from './request';
import { numbersInWords, valueInWords } from './values';

const thrownBy = (act: () => void): Error => {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not throw');
};

describe('values in messages', () => {
  for (const [value, words] of [
    ['accepted', 'accepted'],
    ['0x40000002', '0x40000002'],
    ['', '""'],
    ['a\u0000b', '"a\\u0000b"'],
    [12n, '12'],
    [-0, '0'],
    [undefined, 'nothing'],
    [Uint8Array.of(0x39, 0, 0x0a), '39 00 0a (3 octets)'],
    [Uint8Array.of(7), '07 (1 octet)'],
    [new Uint8Array(0), 'no octets'],
    [new Uint8Array(40), `${'00 '.repeat(32)}… (40 octets)`],
    [['accepted', 'bind_nak'], '[accepted, bind_nak]'],
    [new Set([1, 2]), '[1, 2]'],
    [Array.from({ length: 10 }, () => 'a'), `[${'a, '.repeat(8)}… 10 in all]`],
    [{ result: 2, reason: 1 }, 'result 2, reason 1'],
    [new Error('went'), 'went'],
    [null, 'null'],
    [true, 'true'],
  ] as const) {
    it(`shows ${words.slice(0, 40)}`, () => expect(valueInWords(value)).to.equal(words));
  }

  for (const [numbers, words] of [
    [[], '[]'],
    [[1, 2], '[1, 2]'],
    [[1, 2, 3], '[1–3]'],
    [[1, 2, 3, 3, 3], '[1–3, 3 ×2]'],
    [[10, 10, 10], '[10 ×3]'],
    [Array.from({ length: 30 }, (_, i) => 2 * i), '[0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, … 30 in all]'],
  ] as const) {
    it(`folds ${words}`, () => expect(numbersInWords(numbers)).to.equal(words));
  }
});

describe("what an assertion of chai's says", () => {
  for (const [what, act, words] of [
    [
      'a bound',
      () => expect(25, 'the 24th machine').to.be.below(25),
      'the 24th machine: expected below 25, received 25',
    ],
    ['a range', () => expect(0, 'it').to.be.within(15, 43_200), 'it: expected 15 to 43200, received 0'],
    [
      'one of several',
      () => expect('open').to.be.oneOf(['closed', 'reset']),
      'expected closed or reset, received open',
    ],
    ['what must not be', () => expect('a').to.not.equal('a'), 'expected anything but a, received a'],
    ['a length', () => expect([1, 5], 'ePIDs').to.have.length(1), 'ePIDs: expected 1 of them, received 2'],
    ['none', () => expect(['a'], 'late').to.be.empty, 'late: expected none, received [a]'],
    ['no list', () => expect(['a'], 'late').to.deep.equal([]), 'late: expected none, received [a]'],
    [
      'what is missing',
      () => expect([], 'hosts').to.not.be.empty,
      'hosts: expected at least one, received none',
    ],
    ['a type', () => expect(Buffer.of(1)).to.be.a('string'), 'expected a string, received 01 (1 octet)'],
    ['what is in it', () => expect('abc').to.include('x'), "expected it to include 'x', received abc"],
  ] as const) {
    it(`is told with ${what}`, () =>
      expect(expectationInWords(expectationOf(thrownBy(act))!)).to.equal(words));
  }

  it('is nothing where it compares nothing', () => {
    for (const error of [new Error('expected 1'), thrownBy(() => expect.fail('no'))]) {
      expect(expectationOf(error)).to.equal(null);
    }
  });
});

describe('a request in words', () => {
  it('names what was varied, with names of values, large numbers in hexadecimal too, and text as text', () => {
    expect(variedInWords({ licenseStatus: 5, requiredClientCount: 0x80000000 })).to.equal(
      'licenseStatus 5 (notification), requiredClientCount 2147483648 (0x80000000)',
    );
    expect(variedInWords({ workstationName: '' })).to.equal('workstationName ""');
    expect(variedInWords({ workstationName: 'n'.repeat(63) })).to.match(
      /^workstationName "n{59}… \(63 UTF-16 units\)$/,
    );
    expect(variedInWords({ workstationName: Uint8Array.of(0x41, 0xd8) })).to.equal(
      'workstationName 41 d8 (2 octets)',
    );
  });

  it('names how the call was sent', () => {
    const call = { opnum: 1, contextId: 99, callId: 0x1001, allocHint: 0xffffffff };
    expect(variedInWords({}, call)).to.equal('opnum 1, context_id 99, call_id 0x1001, alloc_hint 0xFFFFFFFF');
    expect(variedInWords({}, { maxStubPerFragment: 8, segmentBytes: 7 })).to.match(
      /at most 8 octets.*at most 7 octets/,
    );
    expect(variedInWords({}, { timeoutMs: 5 })).to.equal('');
  });
});

describe('usual causes', () => {
  it('are told of fields at which bytes stop to decode', () => {
    const at = (path: string) =>
      hintOnUndecodable({ code: 'truncated', path, offset: 41, expected: '1', actual: '0' });
    expect(at('rpc.bindAck.resultCount')).to.match(/padding behind the secondary address/);
    expect(at('kms.response.mac')).to.match(/PIDSize counts octets/);
    expect(at('rpc.request.opnum')).to.equal(undefined);
  });

  it('are told of numbers that are back to front, and of no others', () => {
    expect(hintOnNumbers(1, 0x01000000)).to.match(/back to front/);
    for (const [expected, received] of [
      [1, 2],
      [0, 0],
      [2.5, 1],
      ['1', 1],
      [2 ** 33, 1],
    ]) {
      expect(hintOnNumbers(expected, received)).to.equal(undefined);
    }
  });
});
