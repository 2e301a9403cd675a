import { filetimeFromUnixMs, NIL_GUID } from '../../../protocol';
import { fault } from './fault';
import { inResponses } from './overrides';

const swapFirstGroup = (cmid: string): string =>
  cmid.slice(6, 8) + cmid.slice(4, 6) + cmid.slice(2, 4) + cmid.slice(0, 2) + cmid.slice(8);

const swapBytes = (value: number): number => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.readUInt32BE();
};

/** Faults of what a response says: its version, whose it is, when it was asked for. */
export const RESPONSE_FIELD_FAULTS = [
  fault({
    name: 'answers-as-4-1',
    sentence: 'It answers with protocol version 4.1.',
    requirements: ['MSG-01'],
    override: inResponses(() => ({ minorVersion: 1 })),
  }),
  fault({
    name: 'answers-as-5',
    sentence: 'It answers with protocol version 5.0.',
    requirements: ['MSG-01'],
    override: inResponses(() => ({ majorVersion: 5 })),
  }),
  fault({
    name: 'nil-cmid',
    sentence: 'It returns a CMID of zeros.',
    requirements: ['MSG-02'],
    override: inResponses(() => ({ clientMachineId: NIL_GUID })),
  }),
  fault({
    name: 'previous-cmid-echo',
    sentence: 'It returns CMID_prev instead of the CMID.',
    requirements: ['MSG-02'],
    override: inResponses((_, request) => ({ clientMachineId: request.previousClientMachineId })),
  }),
  fault({
    name: 'cmid-byte-order',
    sentence: 'It returns the CMID with its first group in network order.',
    requirements: ['MSG-02'],
    override: inResponses((_, request) => ({ clientMachineId: swapFirstGroup(request.clientMachineId) })),
  }),
  fault({
    name: 'count-byte-order',
    sentence: 'It answers its count in network order: 1 reads as 16,777,216.',
    requirements: ['CNT-01'],
    override: inResponses(({ currentClientCount }) => ({
      currentClientCount: swapBytes(currentClientCount),
    })),
  }),
  fault({
    name: 'cmid-of-last-request',
    sentence: 'It returns the CMID of the request before, whoever sent it.',
    requirements: ['MSG-02'],
    override: (right, host) => {
      let previous: string | null = null;
      return inResponses((_, { clientMachineId }) => {
        const last = previous ?? clientMachineId;
        previous = clientMachineId;
        return { clientMachineId: last };
      })(right, host);
    },
  }),
  fault({
    name: 'time-in-milliseconds',
    sentence: 'It returns the client time rounded down to milliseconds.',
    requirements: ['MSG-03'],
    override: inResponses(({ requestTime }) => ({ requestTime: requestTime - (requestTime % 10_000n) })),
  }),
  fault({
    name: 'time-of-host',
    sentence: "It returns its own clock instead of the client's.",
    requirements: ['MSG-03'],
    override: (right, host) =>
      inResponses(() => ({ requestTime: filetimeFromUnixMs(host.settings.clock.now()) }))(right, host),
  }),
] as const;
