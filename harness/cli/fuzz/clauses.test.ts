import { expect } from 'chai';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { CLAUSES } from '../../cases/judge/clauses';

describe('the clauses that the fuzzer judges by', () => {
  for (const id of CLAUSES) {
    it(`${id} is a requirement of the catalogue, with a source`, () => {
      const clause = CATALOGUE.find((one) => one.id === id);
      expect(clause?.level).to.be.oneOf(['MUST', 'SHOULD', 'DESIGN']);
      expect(clause!.sources).to.not.be.empty;
    });
  }
});
