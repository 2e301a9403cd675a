import { expect } from 'chai';
import { decodePdu, type PduOf } from '../../protocol';
import { recordedConnections } from '../testing/recorded';
import { isKmsRequest } from './kms-shape';

async function recordedRequest(file: string): Promise<PduOf<'request'>> {
  const [first] = await recordedConnections(file);
  for (const { bytes } of first?.pdus ?? []) {
    const pdu = decodePdu(bytes);
    if (pdu.kind === 'request') return pdu;
  }
  throw new Error('the recording has no request');
}

const withStub = (call: PduOf<'request'>, change: (stub: Buffer) => Buffer): PduOf<'request'> => ({
  ...call,
  body: { ...call.body, stub: change(Buffer.from(call.body.stub)) },
});

/** The message starts behind two lengths: minor version, then major. */
function withVersion(stub: Buffer, major: number): Buffer {
  stub.writeUInt16LE(major, 10);
  return stub;
}

describe('a call without a bind', () => {
  for (const file of ['v4-refused.pcap', 'v5.pcap', 'v6.pcap']) {
    it(`is KMS's where it is as recorded (${file})`, async () => {
      expect(isKmsRequest(await recordedRequest(file), 'ndr32')).to.equal(true);
    });
  }

  it('is none with another opnum, another version, lengths that do not fit or a size that no version has', async () => {
    const call = await recordedRequest('v4-refused.pcap');
    const sealed = await recordedRequest('v6.pcap');
    const others: readonly PduOf<'request'>[] = [
      { ...call, body: { ...call.body, opnum: 1 } },
      ...[0, 3, 7, 0xffff].map((major) => withStub(call, (stub) => withVersion(stub, major))),
      withStub(call, (stub) => stub.subarray(0, stub.length - 40)),
      withStub(call, (stub) => stub.fill(0xff, 0, 8)),
      withStub(call, () => Buffer.alloc(0)),
      withStub(call, (stub) => withVersion(stub, 6)),
      withStub(sealed, (stub) => stub.subarray(0, 100)),
    ];
    expect(others.map((other) => isKmsRequest(other, 'ndr32'))).to.deep.equal(others.map(() => false));
  });
});
