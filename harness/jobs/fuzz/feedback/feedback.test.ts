import { expect } from 'chai';
import { mkdtempSync, appendFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlFailure } from '../../../target';
import { CASE_LEVELS, caseToJson, type FuzzCase } from '../../../cases/case';
import { renderAsk, renderBind, renderPieces } from '../../../cases/conduct/render';
import { caseArbitrary } from '../../../cases/generate/case-arbitrary';
import { CaseSource } from '../../../cases/generate/case-source';
import { NO_CORPUS } from '../../../cases/generate/corpus';
import { Feedback } from './feedback';
import { FeedbackSource } from './feedback-source';
import { KeptFile } from './kept-file';
import { Novelty } from './novelty';

const CASES = 600;
const arbitrary = caseArbitrary({ levels: CASE_LEVELS, corpus: NO_CORPUS });
const json = (fuzzCase: FuzzCase): string => JSON.stringify(caseToJson(fuzzCase));

/** As a host that finds something new in every third case. */
function learned(seed: number): FeedbackSource {
  const source = new FeedbackSource(arbitrary, seed);
  for (let index = 0; index < CASES; index++)
    source.learn(source.next(index), { words: [String(Math.floor(index / 3))], edges: null });
  return source;
}

describe('novelty', () => {
  it('is what was never seen, once', () => {
    const novelty = new Novelty();
    expect(novelty.ofWords(['a', 'b'])).to.equal(true);
    expect(novelty.ofWords(['b', 'a'])).to.equal(false);
    expect(novelty.ofWords(['a', 'c'])).to.equal(true);
  });

  it('of code is an edge, or a class of how often it was taken', () => {
    const novelty = new Novelty();
    const seen = [3, 1, 70_000, 2];
    expect(novelty.ofEdges(seen)).to.equal(true);
    expect(novelty.ofEdges(seen)).to.equal(false);
    expect(novelty.edges).to.equal(2);
    for (const [hits, isNew] of [
      [2, true],
      [3, true],
      [4, true],
      [7, false],
      [8, true],
      [15, false],
      [128, true],
      [255, false],
    ] as const)
      expect(novelty.ofEdges([3, hits]), `${hits} times`).to.equal(isNew);
  });
});

describe('cases with feedback', () => {
  it('are those of the seed until something was new', () => {
    const [with_, without] = [new FeedbackSource(arbitrary, 5), new CaseSource(arbitrary, 5)];
    for (let index = 0; index < 50; index++)
      expect(json(with_.next(index))).to.equal(json(without.next(index)));
  });

  it('are the same where the host answers the same, and are known by their index again', () => {
    const [one, other] = [learned(7), learned(7)];
    const without = new CaseSource(arbitrary, 7);
    let mutants = 0;
    for (let index = 0; index < CASES; index++) {
      expect(json(one.caseOf(index))).to.equal(json(other.caseOf(index)));
      expect(json(one.valueOf(index).value)).to.equal(json(one.caseOf(index)));
      if (json(one.caseOf(index)) !== json(without.caseOf(index))) mutants++;
    }
    expect(mutants)
      .to.be.greaterThan(CASES / 3)
      .and.lessThan(CASES);
    expect(one.kept.size).to.equal(CASES / 3);
  });

  it('can all be sent, have machines of their own, and do not grow without end', () => {
    const source = learned(9);
    const context = { contextId: 0, syntax: 'ndr32' } as const;
    const rendering = { requestTime: 1n, mac: undefined };
    const machines = new Set<string>();
    for (let index = 0; index < CASES; index++) {
      const one = source.caseOf(index);
      machines.add(one.applications[0]);
      expect(one.steps.length).to.be.within(1, 12);
      for (const step of one.steps) {
        if (step.kind === 'ask') renderAsk(one, step, context, rendering);
        else if (step.kind === 'pieces') renderPieces(one, step, context, rendering);
        else if (step.kind === 'bind') renderBind(step, false);
      }
    }
    expect(machines.size).to.equal(CASES);
  });

  it('shrink by what can be left out, where they are no case of a generator', () => {
    const source = learned(3);
    for (let index = 0; index < 300; index++) {
      const { value, context } = source.valueOf(index);
      expect(() => [...arbitrary.shrink(value, context)].slice(0, 3)).to.not.throw();
    }
  });

  it('are kept in a file, of which a kill may have cut the last line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-kept-'));
    try {
      const path = join(folder, 'deep', 'kept.jsonl');
      const file = new KeptFile(path);
      expect(file.read()).to.deep.equal([]);
      const cases = [0, 1, 2].map((index) => new CaseSource(arbitrary, 1).caseOf(index));
      for (const one of cases) file.add(one);
      appendFileSync(path, '{"level":"mes');
      expect(file.read().map(caseToJson)).to.deep.equal(cases.map(caseToJson));
      file.forget();
      expect(file.read()).to.deep.equal([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('by code are judged by the code alone, and go on while a host that died cannot tell', async () => {
    const source = new FeedbackSource(arbitrary, 1);
    let fails = true;
    const failure = new ControlFailure('coverage', ['./cov'], 'answered error gone', '');
    const feedback = new Feedback(source, () => (fails ? Promise.reject(failure) : Promise.resolve([1, 1])));
    const run = (): Promise<string> => feedback.observe(source.next(0), () => Promise.resolve('done'));
    for (let i = 0; i < 20; i++) expect(await run()).to.equal('done');
    expect(source.kept.size).to.equal(0);
    fails = false;
    await run();
    await run();
    expect(source.kept.size).to.equal(1);
    fails = true;
    for (let i = 0; i < 20; i++) await run();
    const given = await run().then(
      () => null,
      (error: unknown) => error,
    );
    expect(given).to.equal(failure);
  });
});
