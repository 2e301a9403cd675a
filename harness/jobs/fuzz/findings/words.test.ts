import { expect } from 'chai';
import { bindBody, kmsRequest, pduHeader, requestBody, requestStub, type Layout } from '../../../../protocol';
import { CASE_LEVELS, type FieldChange, GOOD_ASK } from '../../../cases/case';
import { caseArbitrary } from '../../../cases/generate/case-arbitrary';
import { caseRandom } from '../../../cases/generate/seeding';
import { violation } from '../../../cases/judge/violation';
import { causesOf } from './causes';
import type { Finding } from './finding';
import { stepsInWords, valueText, wordsOf } from '../../../cases/words';

const arbitrary = caseArbitrary({ levels: CASE_LEVELS, corpus: { pdus: [], digest: '' } });
const cases = Array.from(
  { length: 400 },
  (_, index) => arbitrary.generate(caseRandom(3, index), undefined).value,
);
const base = {
  ...{ applications: cases[0]!.applications, machines: ['0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e01'], canary: 1 },
  level: 'message' as const,
};

/** What a line says of a number, read back. */
const readBack = (line: string, field: string): string | undefined =>
  new RegExp(`${field.replaceAll('.', '\\.')} is (-?\\d+)`).exec(line)?.[1];

describe('what was sent, in words', () => {
  it('names each field that is not as a client has it, with its value, which can be read back', () => {
    let numbers = 0;
    for (const one of cases) {
      const lines = stepsInWords(one);
      expect(lines).to.have.length(one.steps.length);
      const said = (at: number, of: Layout, changes: readonly FieldChange[]): void => {
        for (const { field, value } of changes) {
          const name = `${of.name}.${field}`;
          expect(lines[at]).to.contain(`${name} is ${valueText(value)}`);
          if (typeof value !== 'number' && typeof value !== 'bigint') continue;
          numbers++;
          if (changes.filter((each) => each.field === field).length === 1)
            expect(readBack(lines[at]!, name)).to.equal(String(value));
        }
      };
      for (const [at, step] of one.steps.entries()) {
        if (step.kind === 'bind') said(at, bindBody, step.body);
        if (step.kind !== 'ask') continue;
        said(at, kmsRequest, step.message);
        said(at, requestStub, step.stub);
        said(at, pduHeader, step.header);
        said(at, requestBody, step.body);
        if (step.messageSize !== null)
          expect(/message of (\d+) bytes/.exec(lines[at]!)?.[1]).to.equal(String(step.messageSize));
        if (step.fragmentSize !== null)
          expect(/fragments of (\d+) bytes/.exec(lines[at]!)?.[1]).to.equal(String(step.fragmentSize));
      }
    }
    expect(numbers).to.be.greaterThan(50);
  });

  for (const [size, words] of [
    [253, 'a request message of 253 bytes, one more than 252'],
    [251, 'a request message of 251 bytes, one less than 252'],
    [4, 'a request message of 4 bytes, 248 less than 252'],
  ] as const) {
    it(`says of a size how it differs: ${words}`, () => {
      const [line] = wordsOf([{ ...base, steps: [{ ...GOOD_ASK, messageSize: size }] }]);
      expect(line).to.contain(words);
    });
  }

  it('tells machines that ask one after the other as any does in one line, and what is unusual by itself', () => {
    const ask = (machine: number, server = false) => ({ ...GOOD_ASK, machine, server });
    const odd = { ...ask(5), messageSize: 253 };
    const steps = [ask(0), ask(1), ask(2), ask(3), ask(4), odd, ask(6), ask(7), ask(8), ask(9, true)];
    const machines = steps.map((_, index) => `0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e0${index}`);
    expect(wordsOf([{ ...base, machines, steps }])).to.deep.equal([
      'machines 1 to 5 ask one after the other as clients',
      'machine 6 asks as a client: a request message of 253 bytes, one more than 252',
      'machine 7 asks as a client',
      'machine 8 asks as a client',
      'machine 9 asks as a client',
      'machine 10 asks as a server',
    ]);
  });

  it('says what is special about a machine', () => {
    const nil = { ...base, machines: ['00000000-0000-0000-0000-000000000000'] };
    expect(wordsOf([{ ...nil, steps: [GOOD_ASK] }])).to.deep.equal([
      'machine 1 asks as a server: a CMID of zeros',
    ]);
  });

  it('says what a client sends where another number stands', () => {
    const change = { field: 'requiredClientCount', mode: 'boundary' as const, value: 1001 };
    const [line] = wordsOf([{ ...base, steps: [{ ...GOOD_ASK, server: false, message: [change] }] }]);
    expect(line).to.equal(
      'machine 1 asks as a client: kms.request.requiredClientCount is 1001 (a client sends 25)',
    );
  });
});

describe('findings of the same cause', () => {
  const findingOf = (id: string, differs: string, features: string[], requests = 1): Finding => ({
    ...violation('conforms', 'RPC-06', differs, 1, 2),
    ...{ id, reproduced: true, cases: [], features, seed: 1, index: 1, requests, shrunkFrom: 1 },
  });

  it('stand under the simplest: of one group, and of what comes of the same unusual thing', () => {
    const causes = causesOf([
      findingOf('b', 'call_id', ['x', 'y'], 2),
      findingOf('a', 'call_id', ['x']),
      findingOf('c', 'MAC', ['x']),
      findingOf('d', 'MAC', ['z']),
    ]);
    expect([...causes]).to.deep.equal([
      ['c', 'a'],
      ['b', 'a'],
    ]);
  });

  it('are told apart where a group says little and other things are varied', () => {
    const [one, other] = ['x', 'y'].map((feature) => ({
      ...findingOf(feature, 'count', [feature]),
      oracle: 'count' as const,
    }));
    expect([...causesOf([one!, other!])]).to.deep.equal([]);
  });

  it('stand under the simplest of their group where they were not seen again, whatever their cases vary', () => {
    const countOf = (id: string, requests: number, reproduced: boolean): Finding => ({
      ...findingOf(id, 'count', [`varies ${id}`], requests),
      ...{ oracle: 'count', reproduced },
    });
    const once = [countOf('a', 1, false), countOf('b', 2, false), countOf('c', 1, false)];
    expect([...causesOf(once)]).to.deep.equal([
      ['c', 'a'],
      ['b', 'a'],
    ]);
    const [again, another] = [countOf('d', 3, true), countOf('e', 4, true)];
    const causes = causesOf([...once, again, another]);
    expect(Object.fromEntries(causes)).to.deep.equal({ a: 'd', b: 'd', c: 'd' });
    expect([...causesOf([findingOf('f', 'call_id', ['x']), once[0]!])], 'of another group').to.deep.equal([]);
  });
});
