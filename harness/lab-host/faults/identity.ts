import { displayText } from '../../../protocol';
import type { LabRequest } from '../hooks/service-hooks';
import { fault, type Override } from './fault';

/** Records machines under something else than their CMID. */
const recordedBy =
  (key: (request: LabRequest, right: string) => string): Override =>
  ({ recordKey }) => ({ recordKey: (request) => key(request, recordKey(request)) });

/** Faults of who is taken for whom. */
export const IDENTITY_FAULTS = [
  fault({
    name: 'count-by-name',
    sentence: 'It counts workstation names.',
    requirements: ['CNT-05'],
    override: recordedBy(({ message }) => displayText(message.workstationName)),
  }),
  // 18 digits and dashes are the first 8 bytes.
  fault({
    name: 'half-cmid',
    sentence: 'It tells machines apart by the first 8 bytes of the CMID.',
    requirements: ['CNT-04'],
    override: recordedBy((_, cmid) => cmid.slice(0, 18)),
  }),
  fault({
    name: 'last-half-cmid',
    sentence: 'It tells machines apart by the last 8 bytes of the CMID.',
    requirements: ['CNT-04'],
    override: recordedBy((_, cmid) => cmid.slice(19)),
  }),
  fault({
    name: 'first-group-cmid',
    sentence: 'It tells machines apart by the first group of the CMID.',
    requirements: ['CNT-04'],
    override: recordedBy((_, cmid) => cmid.slice(0, 8)),
  }),
  fault({
    name: 'cmid-less-last-byte',
    sentence: 'It leaves the last byte of the CMID out.',
    requirements: ['CNT-04'],
    override: recordedBy((_, cmid) => cmid.slice(0, -2)),
  }),
  fault({
    name: 'counts-each-family',
    sentence: 'It counts a client twice that comes by IPv4 and by IPv6.',
    requirements: ['CNT-18'],
    override: recordedBy(({ caller }, cmid) => (caller.family === 6 ? `${cmid} by IPv6` : cmid)),
  }),
  fault({
    name: 'counts-every-request',
    sentence: 'It counts requests, not machines.',
    requirements: ['CNT-03'],
    override: (right, host) => {
      let requests = 0;
      return recordedBy((_, key) => `${key} ${++requests}`)(right, host);
    },
  }),
  fault({
    name: 'count-by-cmid-and-status',
    sentence: 'It counts a machine anew when its LicenseStatus changes.',
    requirements: ['CNT-03'],
    override: recordedBy(({ message }, key) => `${key} ${message.licenseStatus}`),
  }),
  fault({
    name: 'count-by-cmid-and-name',
    sentence: 'It counts a machine anew when its name changes.',
    requirements: ['CNT-03'],
    override: recordedBy(({ message }, key) => `${key} ${displayText(message.workstationName)}`),
  }),
  fault({
    name: 'count-by-cmid-and-sku',
    sentence: 'It counts a machine anew when its SKU changes.',
    requirements: ['CNT-03'],
    override: recordedBy(({ message }, key) => `${key} ${message.skuId}`),
  }),
  fault({
    name: 'count-by-cmid-and-previous',
    sentence: 'It counts a machine anew when its CMID_prev changes.',
    requirements: ['CNT-03'],
    override: recordedBy(({ message }, key) => `${key} ${message.previousClientMachineId}`),
  }),
  fault({
    name: 'count-by-product',
    sentence: 'It counts each product by itself.',
    requirements: ['CNT-07'],
    override: () => ({ tableKey: ({ message }) => message.kmsCountedId }),
  }),
  fault({
    name: 'servers-apart',
    sentence: 'It counts client and server operating systems apart.',
    requirements: ['CNT-07'],
    override: ({ tableKey }) => ({
      tableKey: (request) => `${tableKey(request)} ${request.requiredClientCount}`,
    }),
  }),
  fault({
    name: 'applications-together',
    sentence: 'It counts Windows and Office together.',
    requirements: ['CNT-14'],
    override: () => ({ tableKey: () => 'all' }),
  }),
] as const;
