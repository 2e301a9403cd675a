import {
  encodePdu,
  encodeRefusalStub,
  encodeResponse,
  encodeResponseStub,
  HRESULT,
  stubEncoding,
} from '../../../protocol';
import { response } from '../../client/testing/scripted-host';
import { altered, type HostBehaviour, toEachRequest } from './behaviour';

/** A good answer whose message has some octets overwritten; a stub of NDR32 has 12 octets before it. */
const MESSAGE = 24 + 12;
const inMessage = (offset: number, ...octets: number[]) => altered(MESSAGE + offset, ...octets);

const allRefusals: [string, number][] = [
  ...Object.entries(HRESULT).filter(([name]) => name !== 'ok'),
  ['of no known name', 0x80004005],
  ['of success', 0],
];

/** How messages within sound PDUs lie. */
export const MESSAGE_BEHAVIOURS: readonly HostBehaviour[] = [
  {
    name: 'announces a response of 2^32-1 bytes',
    script: altered(32, 0xff, 0xff, 0xff, 0xff),
    client: { answer: 'malformed', path: /^stub\.response\.message$/ },
  },
  {
    name: 'announces a maxCount beyond the stub',
    script: altered(32, 0xff),
    client: { answer: 'malformed', path: /^stub\.response\.message$/ },
  },
  {
    name: 'announces a PIDSize beyond the message',
    script: inMessage(4, 0xff),
    client: { answer: 'malformed', path: /^kms\.response\.ePid$/ },
  },
  {
    name: 'announces a PIDSize of 2^32-1',
    script: inMessage(4, 0xff, 0xff, 0xff, 0xff),
    client: { answer: 'malformed', path: /^kms\.response\.ePid$/ },
  },
  {
    name: 'announces a PIDSize of 0',
    script: inMessage(4, 0),
    client: { answer: 'malformed', path: /^kms\.response$/ },
  },
  {
    name: 'names itself in invalid UTF-16',
    script: inMessage(8, 0x00, 0xd8, 0x00, 0xd8),
    client: { answer: 'response' },
  },
  {
    name: 'names itself with control characters',
    script: inMessage(8, 0x1b, 0, 0x5b, 0, 0x32, 0, 0x4a, 0, 0x0a, 0),
    client: { answer: 'response' },
  },
  {
    name: 'answers with a sealed message',
    script: inMessage(2, 6),
    client: { answer: 'sealed' },
  },
  {
    name: 'answers with version 65535',
    script: inMessage(2, 0xff, 0xff),
    client: { answer: 'response' },
  },
  ...allRefusals.map(
    ([name, hresult]): HostBehaviour => ({
      name: `refuses with HRESULT ${name}`,
      script: toEachRequest((peer, _, { header: { callId }, body: { contextId } }) => {
        const stub = encodeRefusalStub({ hresult }, stubEncoding('ndr32'));
        peer.send({ kind: 'response', header: { callId }, body: { contextId, stub } });
      }),
      client: { answer: 'refusal' },
    }),
  ),
  {
    name: 'answers another client',
    script: toEachRequest((peer, _, request) =>
      peer.send(response(request, 1, { clientMachineId: '00000000-0000-0000-0000-000000000001' })),
    ),
    client: { answer: 'response' },
  },
  ...[0, 0xffff_ffff].map(
    (currentClientCount): HostBehaviour => ({
      name: `counts ${currentClientCount}`,
      script: toEachRequest((peer, answer) => {
        const message = answer.subarray(MESSAGE, MESSAGE + answer.readUInt32LE(32));
        message.writeUInt32LE(currentClientCount, message.length - 28);
        peer.send(answer);
      }),
      client: { answer: 'response' },
    }),
  ),
  {
    name: 'names itself in 30000 characters',
    script: toEachRequest((peer, _, { header: { callId }, body: { contextId } }) => {
      const message = encodeResponse({
        minorVersion: 0,
        majorVersion: 4,
        ePid: 'x'.repeat(30_000),
        clientMachineId: '00000000-0000-0000-0000-000000000001',
        requestTime: 0n,
        currentClientCount: 1,
        activationIntervalMinutes: 120,
        renewalIntervalMinutes: 10080,
      });
      const stub = encodeResponseStub({ message }, stubEncoding('ndr32'));
      peer.send(encodePdu({ kind: 'response', header: { callId }, body: { contextId, stub } }));
    }),
    client: { answer: 'response' },
  },
];
