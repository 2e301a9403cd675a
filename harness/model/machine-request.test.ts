import { expect } from 'chai';
import { decodeRequest, encodeRequest, type KmsRequest, NIL_GUID, product } from '../../protocol';
import { Random } from '../support/random';
import { DAY_MS, LICENCES, LICENSE_STATUS } from './client-state';
import { buildRequest, machineRequest, requestOfAnother } from './machine-request';

const CMID = '0f0e0d0c-0b0a-4908-8706-050403020100';
const machine = { product: product('r2-b'), clientMachineId: CMID, name: 'SRV-1.example.test' };
const sent = (...asked: Parameters<typeof buildRequest>): KmsRequest =>
  decodeRequest(encodeRequest(buildRequest(...asked))).value as KmsRequest;

describe('what a machine sends', () => {
  it('is a version 4.0 request of its product, in its first 30 days unless told', () => {
    const { mac: _mac, ...request } = sent(machine, 133_000_000_000_000_000n);
    expect(request).to.deep.equal({
      minorVersion: 0,
      majorVersion: 4,
      isVirtualMachine: 0,
      licenseStatus: 2,
      bindingExpirationMinutes: 43_200,
      applicationId: '55c92734-d682-4d71-983e-d6ec3f16059f',
      skuId: '68531fb9-5511-4989-97be-d11a0f55633f',
      kmsCountedId: 'ca87f5b6-cd46-40c0-b06d-8ecd57a4373f',
      clientMachineId: CMID,
      requiredClientCount: 5,
      requestTime: 133_000_000_000_000_000n,
      previousClientMachineId: NIL_GUID,
      workstationName: 'SRV-1.example.test',
    });
  });

  it('tells its licence state and what is left of it, 0 for a state without an end', () => {
    const told = (licence: (typeof LICENCES)[number], expiresInMs?: number): number[] => {
      const { licenseStatus, bindingExpirationMinutes } = sent(
        { ...machine, licence, ...(expiresInMs === undefined ? {} : { expiresInMs }) },
        0n,
      );
      return [licenseStatus, bindingExpirationMinutes];
    };
    expect(told('licensed')).to.deep.equal([1, 259_200]);
    expect(told('licensed', DAY_MS + 59_999)).to.deep.equal([1, 1440]);
    expect(told('notification', Infinity)).to.deep.equal([5, 0]);
    expect(LICENCES.map((licence) => LICENSE_STATUS[licence]).sort()).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it('draws what is not given, and the same for the rest whatever is given', () => {
    const clock = { now: () => 0 };
    const drawn = (options: { name?: string; clientMachineId?: string }): string[] => {
      const random = new Random(7);
      machineRequest({ product: 'win7', random, clock, ...options });
      return [random.guid()];
    };
    expect(drawn({ name: 'PC-1' })).to.deep.equal(drawn({}));
    expect(drawn({ clientMachineId: CMID })).to.deep.equal(drawn({}));
    const wrong = machineRequest({
      product: 'win7',
      random: new Random(7),
      clock,
      fields: { licenseStatus: 9 },
    });
    expect([wrong.licenseStatus, wrong.requiredClientCount]).to.deep.equal([9, 25]);
  });

  it('is like that of another but for its CMID, its own MAC and being physical', () => {
    const example = { ...buildRequest({ ...machine, virtual: true }, 5n), mac: new Uint8Array(16) };
    const other = requestOfAnother(example, new Random(1), { requestTime: 6n });
    expect(other.clientMachineId).to.not.equal(CMID);
    const { mac: _mac, ...rest } = example;
    expect(other).to.deep.equal({
      ...rest,
      isVirtualMachine: 0,
      requestTime: 6n,
      clientMachineId: other.clientMachineId,
    });
  });
});
