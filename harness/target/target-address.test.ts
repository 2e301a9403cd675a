import { expect } from 'chai';
import { UsageError } from '../support/usage-error';
import { isLoopbackAddress, parseTarget } from '.';

describe('a zone of an address', () => {
  it('is looked for in names that DNS can be asked for alone', () => {
    for (const name of ['kms..example', `${'a'.repeat(64)}.example`])
      expect(() => parseTarget(name), name).to.throw(UsageError, /expected HOST/);
    expect(parseTarget('kms.example.')).to.include({ host: 'kms.example.' });
  });

  const names = ['[127.0.0.1%name]', '[127.0.0.1]:1', '127.0.0.1%lo:1', '[::1%]:1', '[1]:1', '1:2:3'];

  it('stands behind IPv6 literals only: behind others it would be a name, which DNS leads anywhere', () => {
    for (const text of names) expect(() => parseTarget(text), text).to.throw(UsageError);
    for (const name of ['127.0.0.1%name', '127.0.0.1%', 'localhost%lo'])
      expect(isLoopbackAddress(name), name).to.equal(false);
    expect(parseTarget('[::1%lo]:7')).to.deep.equal({ kind: 'host', host: '::1%lo', port: 7 });
  });
});
