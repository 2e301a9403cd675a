import { expect } from 'chai';
import { ProtocolError, type ProtocolErrorDetails } from './errors';

const details: ProtocolErrorDetails = {
  code: 'truncated',
  path: 'kms.request.clientMachineId',
  offset: 64,
  expected: '16 bytes',
  actual: '3 bytes',
};

describe('ProtocolError', () => {
  it('says where, what was expected, what was found and of which kind it is', () => {
    const error = new ProtocolError(details);
    expect(error).to.be.an.instanceof(Error);
    expect(error).to.include(details);
    expect(String(error)).to.equal(
      'ProtocolError: kms.request.clientMachineId at offset 64: expected 16 bytes, found 3 bytes (truncated)',
    );
  });

  it('has a stack where a caller made the mistake, and none for bytes of a peer', () => {
    const { stackTraceLimit } = Error;
    expect(new ProtocolError({ ...details, code: 'bad-input' }).stack).to.match(/\n {4}at .*errors\.test/);
    for (const code of ['truncated', 'trailing', 'bad-value', 'too-long'] as const) {
      expect(new ProtocolError({ ...details, code }).stack).to.not.include('\n');
    }
    expect(Error.stackTraceLimit).to.equal(stackTraceLimit);
    expect(new Error('later').stack).to.include('\n');
  });
});
