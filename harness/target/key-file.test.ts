import { expect } from 'chai';
import { KeyFileError, readKeyFile } from './key-file';

describe('a key that was typed where its file belongs', () => {
  for (const key of [
    '0123456789abcdef'.repeat(3).slice(0, 40),
    '01 23 45 67 '.repeat(5),
    'AB:CD:'.repeat(10),
  ]) {
    it(`is not shown: ${key.slice(0, 8)}…`, async () => {
      const error = await readKeyFile(`/nowhere/${key.replace(/:$/, '')}`).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(KeyFileError);
      expect((error as Error).message)
        .to.contain('looks like a key itself')
        .and.not.contain(key.slice(0, 8));
    });
  }
});
