import { expect } from 'chai';
import { hex } from './codec/json';
import { createMac, LAB_KEY } from './mac';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  overwriteField,
  requestFieldMap,
  responseFieldMap,
  verifyMac,
} from './message';
import { expectProtocolError, protocolErrorOf } from './testing/expect-error';
import { recordedMessages } from './testing/recordings';

const { request, response } = recordedMessages();
const mac = createMac(LAB_KEY);

/** Fields of the version 4 messages as wire-format tables them: name, offset, size. */
const REQUEST_TABLE: readonly (readonly [string, number, number])[] = [
  ['minorVersion', 0, 2],
  ['majorVersion', 2, 2],
  ['isVirtualMachine', 4, 4],
  ['licenseStatus', 8, 4],
  ['bindingExpirationMinutes', 12, 4],
  ['applicationId', 16, 16],
  ['skuId', 32, 16],
  ['kmsCountedId', 48, 16],
  ['clientMachineId', 64, 16],
  ['requiredClientCount', 80, 4],
  ['requestTime', 84, 8],
  ['previousClientMachineId', 92, 16],
  ['workstationName', 108, 128],
  ['mac', 236, 16],
];
const responseTable = (pid: number): readonly (readonly [string, number, number])[] => [
  ['minorVersion', 0, 2],
  ['majorVersion', 2, 2],
  ['ePidSize', 4, 4],
  ['ePid', 8, pid],
  ['clientMachineId', 8 + pid, 16],
  ['requestTime', 24 + pid, 8],
  ['currentClientCount', 32 + pid, 4],
  ['activationIntervalMinutes', 36 + pid, 4],
  ['renewalIntervalMinutes', 40 + pid, 4],
  ['mac', 44 + pid, 16],
];

describe('recorded messages', () => {
  const sizes = request.map((message) => message.length);

  it('are version 4 of 252 bytes, and sealed ones', () => {
    expect(sizes.filter((size) => size === 252)).to.have.length(65 + 65 + 12 + 3 + 30);
    for (const message of request) {
      const { kind } = decodeRequest(message);
      expect(kind).to.equal(message.length === 252 ? 'clear' : 'sealed');
    }
  });

  it('have their fields where the table has them', () => {
    for (const message of request.filter(({ length }) => length === 252)) {
      const map = requestFieldMap(message);
      expect(map.map(({ path, offset, length }) => [path, offset, length])).to.deep.equal(
        REQUEST_TABLE.map(([name, offset, length]) => [`kms.request.${name}`, offset, length]),
      );
    }
    for (const message of response.filter(({ length }) => length === 158)) {
      const map = responseFieldMap(message);
      expect(map.map(({ path, offset, length }) => [path, offset, length])).to.deep.equal(
        responseTable(98).map(([name, offset, length]) => [`kms.response.${name}`, offset, length]),
      );
    }
  });

  it('read as their bytes say', () => {
    for (const message of request.filter(({ length }) => length === 252)) {
      const content = decodeRequest(message);
      if (content.kind !== 'clear') throw new Error(content.kind);
      const { value } = content;
      expect(value.requestTime).to.equal(message.readBigUInt64LE(84));
      expect(value.requiredClientCount).to.equal(message.readUInt32LE(80));
      // 5000 is the recorded request that was refused for it.
      expect([5, 25, 5000]).to.include(value.requiredClientCount);
      const name = message.toString('utf16le', 108, 236).replace(/\0+$/, '');
      expect(value.workstationName).to.equal(name);
      expect(name).to.match(/^LAB-.*\.example\.test$/);
      expect(value.applicationId).to.equal('55c92734-d682-4d71-983e-d6ec3f16059f');
    }
  });

  it('encode to the same bytes when what was decoded is encoded', () => {
    for (const message of request) {
      const content = decodeRequest(message);
      if (content.kind === 'clear') expect(hex(encodeRequest(content.value))).to.equal(hex(message));
    }
    for (const message of response) {
      const content = decodeResponse(message);
      if (content.kind === 'clear') expect(hex(encodeResponse(content.value))).to.equal(hex(message));
    }
  });

  it('carry no MAC of the lab key, as they were made with another', () => {
    for (const message of [...request, ...response]) expect(verifyMac(message, mac)).to.be.false;
  });

  it('cut off at any length give a whole error; one octet more does, too', () => {
    for (const [messages, decode, size] of [
      [request, decodeRequest, 252],
      [response, decodeResponse, 158],
    ] as const) {
      const message = messages.find(({ length }) => length === size)!;
      for (let cut = 0; cut < size; cut++) {
        const error = expectProtocolError(() => decode(message.subarray(0, cut)));
        expect(error.code).to.equal('truncated');
        expect(error.offset).to.be.at.most(cut);
      }
      const error = expectProtocolError(() => decode(Buffer.concat([message, Buffer.alloc(1)])));
      expect(error).to.include({ code: 'trailing', offset: size });
    }
  });

  it('that are sealed keep version, vector and the rest', () => {
    for (const message of request.filter(({ length }) => length === 260)) {
      const content = decodeRequest(message);
      if (content.kind !== 'sealed') throw new Error(content.kind);
      expect([5, 6]).to.include(content.value.majorVersion);
      expect(hex(content.value.initializationVector)).to.equal(hex(message.subarray(4, 20)));
      expect(content.value.sealed).to.have.length(240);
      for (let cut = 0; cut < 20; cut++) expectProtocolError(() => decodeRequest(message.subarray(0, cut)));
      for (let cut = 20; cut < 260; cut++) {
        expect(protocolErrorOf(() => decodeRequest(message.subarray(0, cut)))).to.equal(null);
      }
    }
  });
});

describe('messages of a version that is not whole', () => {
  const cases: readonly [octets: string, path: string][] = [
    ['000005', 'kms.request.majorVersion'],
    ['00000500', 'kms.sealed.initializationVector'],
    ['00000600', 'kms.sealed.initializationVector'],
    ['00000400', 'kms.request.isVirtualMachine'],
    ['00000501', 'kms.request.isVirtualMachine'],
  ];
  for (const [octets, path] of cases) {
    it(`${octets} ends in front of ${path}`, () => {
      const message = Buffer.from(octets, 'hex');
      expect(expectProtocolError(() => decodeRequest(message)).path).to.equal(path);
      expect(expectProtocolError(() => requestFieldMap(message)).path).to.equal(path);
    });
  }
});

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
      expected: '4294967295 bytes',
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
