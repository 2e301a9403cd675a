import { expect } from 'chai';
import { hex } from './codec/json';
import { createMac, LAB_KEY } from './mac';
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
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
