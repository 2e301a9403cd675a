import { expect } from 'chai';
import { shownFile } from './shown-file';

describe('a file that holds a secret', () => {
  for (const secret of [
    '00112233445566778899aabbccddeeff00112233',
    '00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff',
    'C0FFEE00 C0FFEE00 C0FFEE00 C0FFEE00',
    'mB3vZ0cI7qkQe1yW9tXsLw==',
    'mB3vZ0cI7qkQe1yW9tXs/w',
  ]) {
    it(`is not shown where the secret was typed in its place: ${secret.slice(0, 6)}…`, () => {
      expect(shownFile(secret)).to.equal('(not shown: it looks like a key itself)');
    });
  }

  it('is shown by its name', () => {
    for (const file of [
      'lab.key',
      './keys/host-2.hex',
      '/etc/kmsspec/secrets2026forallofthem',
      'deadbeef.key',
      'C:\\keys\\lab1',
    ])
      expect(shownFile(file)).to.equal(file);
  });
});
