import { MAC_SIZE, MAX_EPID_SIZE } from '../../../protocol';
import { makeEPid } from '../epid';
import { fault } from './fault';
import { ePidText, utf16 } from './message-bytes';
import { inResponses } from './overrides';

const MISSING = 4;
const TRAILING = 4;

/** The bytes of an ePID and its NUL. */
const whole = (text: string): Buffer => utf16(`${text}\0`);

/** Faults of how a response is laid out: the ePID and its size, and where the message ends. */
export const RESPONSE_LAYOUT_FAULTS = [
  fault({
    name: 'epid-per-request',
    sentence: 'It makes a new ePID for each request.',
    requirements: ['MSG-09'],
    override: (right, host) => {
      let responses = 0;
      return inResponses(() => ({ ePid: makeEPid(host.settings.seed, ++responses) }))(right, host);
    },
  }),
  fault({
    name: 'empty-epid',
    sentence: 'It sends an ePID of a NUL alone.',
    requirements: ['MSG-04'],
    override: inResponses(() => ({ ePid: '' })),
  }),
  fault({
    name: 'epid-without-nul',
    sentence: 'It sends the ePID without its NUL.',
    requirements: ['MSG-04'],
    override: inResponses((right) => ({ ePid: utf16(ePidText(right)) })),
  }),
  fault({
    name: 'epid-in-ascii',
    sentence: 'It sends the ePID in ASCII, a byte a character.',
    requirements: ['MSG-04'],
    override: inResponses((right) => ({ ePid: Buffer.from(`${ePidText(right)}\0`, 'ascii') })),
  }),
  fault({
    name: 'odd-pid-size',
    sentence: 'It sends a PIDSize that counts one byte more than the text and its NUL.',
    requirements: ['MSG-04'],
    override: inResponses((right) => ({ ePid: Buffer.concat([whole(ePidText(right)), Buffer.alloc(1)]) })),
  }),
  fault({
    name: 'overlong-epid',
    sentence: 'It sends an ePID of 130 bytes.',
    requirements: ['MSG-04', 'MSG-06'],
    override: inResponses((right) => ({ ePid: ePidText(right).padEnd(MAX_EPID_SIZE / 2, '0') })),
  }),
  fault({
    name: 'pid-size-less-nul',
    sentence: 'It leaves the NUL out of PIDSize but sends it.',
    requirements: ['MSG-05'],
    override: inResponses((right) => ({ ePidSize: whole(ePidText(right)).length - 2 })),
  }),
  fault({
    name: 'pid-size-in-characters',
    sentence: 'It gives PIDSize in characters.',
    requirements: ['MSG-05'],
    override: inResponses((right) => ({ ePidSize: whole(ePidText(right)).length / 2 })),
  }),
  fault({
    name: 'no-mac-field',
    sentence: 'It ends the response before the MAC.',
    requirements: ['MSG-05'],
    override: ({ encode }) => ({ encode: (...response) => encode(...response).subarray(0, -MAC_SIZE) }),
  }),
  fault({
    name: 'trailing-message-bytes',
    sentence: 'It sends four zero bytes behind the MAC.',
    requirements: ['MSG-05'],
    override: ({ encode }) => ({
      encode: (...response) => Buffer.concat([encode(...response), Buffer.alloc(TRAILING)]),
    }),
  }),
  fault({
    name: 'stub-size-too-small',
    sentence: 'It announces four bytes less than the response has.',
    requirements: ['MSG-05'],
    override: ({ results }) => ({
      results: (answer, encoding, extra) => {
        const announced = BigInt((answer.message?.length ?? 0) - MISSING);
        return results(answer, encoding, { ...extra, responseSize: announced });
      },
    }),
  }),
] as const;
