import { expect } from 'chai';
import { comparableName } from './compare-fields';
import { parseEventLog } from './read-log';
import { MADE_LOGS, type MadeLog } from './testing/made-logs';
import { madeRequests, type MadeRequest } from './testing/made-requests';

const REQUESTS = madeRequests(11);

const bytesOf = ({ write }: MadeLog, requests: readonly MadeRequest[]): Uint8Array =>
  Buffer.from(write(requests) as string);

const expected = (losesLetters: boolean) =>
  REQUESTS.map((request) => ({
    hresult: request.hresult,
    requiredClientCount: request.required,
    workstationName: losesLetters ? comparableName(request.name) : request.name,
    clientMachineId: request.cmid,
    clientMinute: request.minute,
    isVirtualMachine: request.isVirtual,
    licenseStatus: request.status,
    bindingExpirationMinutes: request.minutesLeft,
    skuId: request.sku,
  }));

describe('logs in the forms that people have', () => {
  it('are more than thirty, each with a name of its own', () => {
    const names = MADE_LOGS.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.have.length.of.at.least(30);
  });

  for (const log of MADE_LOGS) {
    it(`are read without a warning: ${log.name}`, () => {
      const { events, unreadable, warnings } = parseEventLog(bytesOf(log, REQUESTS), log.name);
      const found = [...events].map(({ where: _, clientTime: __, workstationName, ...fields }) => ({
        ...fields,
        workstationName: log.losesLetters === true ? comparableName(workstationName) : workstationName,
      }));
      expect(found).to.deep.equal(expected(log.losesLetters === true));
      expect({ unreadable, warnings }).to.deep.equal({ unreadable: 0, warnings: [] });
    });

    it(`are read with one event only: ${log.name}`, () => {
      const { events } = parseEventLog(bytesOf(log, REQUESTS.slice(0, 1)), log.name);
      expect([...events].map(({ clientMachineId }) => clientMachineId)).to.deep.equal([REQUESTS[0]!.cmid]);
    });
  }
});
