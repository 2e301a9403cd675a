import { expect } from 'chai';
import { relatedTests } from './related';

describe('npm run test:related', () => {
  it('finds the tests of a file, and those of what imports it', () => {
    const tests = relatedTests(['harness/support/duration.ts']);
    expect(tests).to.include.members([
      'harness/support/duration.test.ts',
      'harness/jobs/stream/parse.test.ts',
    ]);
    expect(tests).not.to.include('protocol/guid.test.ts');
  }).timeout(60_000);
});
