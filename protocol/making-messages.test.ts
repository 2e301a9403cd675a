import { expect } from 'chai';
import { hex } from './codec/json';
import { createMac, LAB_KEY } from './mac';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  overwriteField,
  responseFieldMap,
  verifyMac,
} from './message';
import { expectProtocolError } from './testing/expect-error';
import { recordedMessages } from './testing/recordings';

const { request, response } = recordedMessages();
const mac = createMac(LAB_KEY);

describe('making messages', () => {
  const content = decodeRequest(request[0]!);
  if (content.kind !== 'clear') throw new Error(content.kind);
  const { mac: recordedMac, ...unsigned } = content.value;

  it('signs where no MAC is given, keeps one that is, and sends zeros without a key', () => {
    expect(verifyMac(encodeRequest(unsigned, mac), mac)).to.be.true;
    expect(hex(encodeRequest({ ...unsigned, mac: recordedMac }, mac))).to.equal(hex(request[0]!));
    expect(hex(encodeRequest(unsigned).subarray(236))).to.equal('00'.repeat(16));
  });

  it('signs responses likewise', () => {
    const recorded = decodeResponse(response[0]!);
    if (recorded.kind !== 'clear') throw new Error(recorded.kind);
    const { mac: itsMac, ...withoutMac } = recorded.value;
    expect(verifyMac(encodeResponse(withoutMac, mac), mac)).to.be.true;
    expect(hex(encodeResponse({ ...withoutMac, mac: itsMac }, mac))).to.equal(hex(response[0]!));
    expect(hex(encodeResponse(withoutMac).subarray(-16))).to.equal('00'.repeat(16));
  });

  const names: readonly [why: string, name: string | Uint8Array, fits: boolean][] = [
    ['empty', '', true],
    ['of 63 characters', 'n'.repeat(63), true],
    ['of 64 characters', 'n'.repeat(64), false],
    ['outside ASCII', '\u00dcb\u00e9r-\u6f22-\ud83d\ude00', true],
    ['with unpaired surrogates', '\ud800', true],
    ['as raw bytes without NUL', new Uint8Array(128).fill(0x41), true],
    ['as too few raw bytes', new Uint8Array(127), false],
  ];
  for (const [why, workstationName, fits] of names) {
    it(`${fits ? 'takes' : 'refuses'} a name ${why}`, () => {
      if (!fits) {
        const error = expectProtocolError(() => encodeRequest({ ...unsigned, workstationName }));
        expect(error).to.include({ code: 'bad-input', path: 'kms.request.workstationName', offset: 108 });
        return;
      }
      const encoded = encodeRequest({ ...unsigned, workstationName });
      expect(encoded).to.have.length(252);
      const again = decodeRequest(encoded);
      if (again.kind !== 'clear') throw new Error(again.kind);
      expect(again.value.workstationName).to.deep.equal(
        typeof workstationName === 'string' ? workstationName : Buffer.from(workstationName),
      );
    });
  }

  it('names the field that does not fit', () => {
    const wrong: readonly [object, string][] = [
      [{ clientMachineId: 'x' }, 'kms.request.clientMachineId'],
      [{ requestTime: -1n }, 'kms.request.requestTime'],
      [{ requestTime: 1n << 64n }, 'kms.request.requestTime'],
      [{ requestTime: 5 }, 'kms.request.requestTime'],
      [{ requiredClientCount: 2 ** 32 }, 'kms.request.requiredClientCount'],
      [{ mac: new Uint8Array(15) }, 'kms.request.mac'],
    ];
    for (const [change, path] of wrong) {
      const error = expectProtocolError(() => encodeRequest({ ...unsigned, ...change }));
      expect(error).to.include({ code: 'bad-input', path });
    }
  });

  it('overwrites one field in place, a PIDSize that lies for one', () => {
    const message = Buffer.from(response[0]!);
    overwriteField(
      message,
      responseFieldMap(message),
      'kms.response.ePidSize',
      Buffer.from('ffffffff', 'hex'),
    );
    expect(hex(message.subarray(4, 8))).to.equal('ffffffff');
    const error = expectProtocolError(() => decodeResponse(message));
    expect(error).to.include({
      code: 'truncated',
      path: 'kms.response.ePid',
      offset: 8,
      expected: '0xFFFFFFFF bytes',
    });
    const map = responseFieldMap(response[0]!);
    expect(expectProtocolError(() => overwriteField(message, map, 'no.such', Buffer.alloc(1)))).to.include({
      code: 'bad-input',
      path: 'no.such',
      offset: 0,
      expected: 'a field of the message',
      actual: 'none of that name',
    });
    const tooLong = expectProtocolError(() =>
      overwriteField(message, map, 'kms.response.ePidSize', Buffer.alloc(5)),
    );
    expect(tooLong).to.include({
      code: 'bad-input',
      path: 'kms.response.ePidSize',
      offset: 4,
      expected: 'at most 4 bytes',
      actual: '5 bytes',
    });
    overwriteField(message, map, 'kms.response.ePidSize', Buffer.from('01', 'hex'));
    expect(hex(message.subarray(2, 8))).to.equal('0400' + '01ffffff');
  });
});
