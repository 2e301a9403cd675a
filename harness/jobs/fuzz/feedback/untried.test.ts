import { expect } from 'chai';
import { type AskStep, CASE_LEVELS, type FuzzCase, GOOD_ASK } from '../../../cases/case';
import { caseArbitrary } from '../../../cases/generate/case-arbitrary';
import { CaseSource } from '../../../cases/generate/case-source';
import { NO_CORPUS } from '../../../cases/generate/corpus';
import { Untried } from './untried';
import { variedIn } from './varied';

const caseOf = (...steps: readonly Partial<AskStep>[]): FuzzCase => ({
  level: 'message',
  applications: ['11111111-1111-4111-8111-111111111111', '21111111-1111-4111-8111-111111111111'],
  machines: ['31111111-1111-4111-8111-111111111111', '00000000-0000-0000-0000-000000000000'],
  canary: 7,
  steps: steps.map((step) => ({ ...GOOD_ASK, ...step })),
});
const status = (value: number) => ({
  message: [{ field: 'licenseStatus', mode: 'boundary' as const, value }],
});

describe('what a case varies', () => {
  const words = (...steps: readonly Partial<AskStep>[]): string[] => [...variedIn(caseOf(...steps))];

  it('is nothing where a client asks as any does', () => {
    expect(words({})).to.deep.equal([]);
  });

  it('is a number itself where it is small or at an edge, and its size where it is any other', () => {
    expect(words(status(6))).to.deep.equal(['kms.request.licenseStatus 6']);
    expect(words(status(0xffff_ffff))).to.deep.equal(['kms.request.licenseStatus 4294967295']);
    expect(words(status(1000))).to.deep.equal(words(status(600)));
    expect(words(status(1000))).to.not.deep.equal(words(status(70_000)));
  });

  it('is how requests stand to one another', () => {
    expect(words({}, {})).to.deep.equal(['machine again']);
    expect(words({}, { application: 1, on: 1 })).to.have.members([
      'machine of another application',
      'another connection',
    ]);
    expect(words({ machine: 1, previous: 1 })).to.have.members(['machine nil', 'previous itself']);
  });

  it('is told of every case there can be', () => {
    const source = new CaseSource(caseArbitrary({ levels: CASE_LEVELS, corpus: NO_CORPUS }), 3);
    const seen = new Set<string>();
    for (let index = 0; index < 500; index++)
      for (const word of variedIn(source.caseOf(index))) seen.add(word);
    expect(seen.size).to.be.within(200, 2000);
  });
});

describe('the case whose turn it is', () => {
  const drawn = (fuzzCase: FuzzCase, index = 0) => ({ fuzzCase, seed: 1, index });
  const [one, other, both] = [status(1), status(2), { ...status(2), bigEndian: true }].map((step) =>
    caseOf(step),
  );

  it('varies most of what was answered least often; the others wait for theirs', () => {
    const untried = new Untried();
    for (let i = 0; i < 3; i++) untried.answered(one!);
    expect(untried.best([drawn(one!), drawn(other!), drawn(both!)]).fuzzCase).to.equal(both);
    untried.answered(both!);
    expect(untried.best([]).fuzzCase).to.equal(other);
    expect(untried.best([]).fuzzCase).to.equal(one);
    expect(() => untried.best([])).to.throw(/no case/);
  });

  it('is not one that has waited too long', () => {
    const untried = new Untried();
    const later = Array.from({ length: 64 }, (_, index) => drawn(one!, index));
    expect(untried.best([drawn(both!), ...later]).fuzzCase).to.equal(one);
  });
});
