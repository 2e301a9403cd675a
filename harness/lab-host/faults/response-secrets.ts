import { type KmsRequest, MAC_SIZE, MAX_EPID_SIZE } from '../../../protocol';
import { labMac } from '../hooks/conforming-hooks';
import { fault, type Override } from './fault';
import { ePidText, nameBytes, utf16 } from './message-bytes';

const VERSION_SIZE = 4;
const SURPLUS = 8;

/** Changes the MAC of every response, in place. */
const inMacs =
  (change: (mac: Uint8Array, request: KmsRequest, signed: Uint8Array) => void): Override =>
  ({ encode }) => ({
    encode: (response, request) => {
      const message = encode(response, request);
      const macStart = message.length - MAC_SIZE;
      change(message.subarray(macStart), request, message.subarray(0, macStart));
      return message;
    },
  });

/** Faults of the MAC, and of bytes that are none of the client's business. */
export const RESPONSE_SECRET_FAULTS = [
  fault({
    name: 'mac-less-version',
    sentence: 'It leaves the version out of what it signs.',
    requirements: ['MSG-07'],
    override: inMacs((mac, _, signed) => mac.set(labMac(signed.subarray(VERSION_SIZE)))),
  }),
  fault({
    name: 'flipped-mac-bit',
    sentence: 'It sends a MAC with one bit wrong.',
    requirements: ['MSG-07'],
    override: inMacs((mac) => {
      mac[0]! ^= 1;
    }),
  }),
  fault({
    name: 'zero-mac',
    sentence: 'It sends a MAC of zeros.',
    requirements: ['MSG-07'],
    override: inMacs((mac) => mac.fill(0)),
  }),
  fault({
    name: 'mac-of-request',
    sentence: "It sends the request's MAC back.",
    requirements: ['MSG-07'],
    override: inMacs((mac, request) => mac.set(request.mac)),
  }),
  fault({
    name: 'stale-epid-tail',
    sentence: 'It fills the ePID up to 128 bytes with what its buffer held: the name of another client.',
    requirements: ['MSG-08'],
    override: ({ respond }) => {
      let stale: Uint8Array = new Uint8Array(0);
      return {
        respond: (right, request) => {
          const response = respond(right, request);
          const ePid = withStaleTail(ePidText(response), stale);
          stale = nameBytes(request);
          return { ...response, ePid };
        },
      };
    },
  }),
  fault({
    name: 'stale-stub-tail',
    sentence: 'It sends what its buffer held behind the stub: bytes of the request before.',
    requirements: ['MSG-08'],
    override: ({ respond, results }) => {
      let trailing: Uint8Array = new Uint8Array(0);
      return {
        respond: (right, request) => {
          trailing = nameBytes(request);
          return respond(right, request);
        },
        results: (answer, encoding, extra) =>
          results(answer, encoding, answer.message === null ? extra : { ...extra, trailing }),
      };
    },
  }),
  fault({
    name: 'surplus-padding',
    sentence: 'It sends eight bytes more than the stub needs.',
    requirements: ['MSG-08'],
    override: ({ results }) => ({
      results: (answer, encoding, extra) => {
        const trailing = Buffer.concat([extra.trailing ?? new Uint8Array(0), new Uint8Array(SURPLUS)]);
        return results(answer, encoding, { ...extra, trailing });
      },
    }),
  }),
] as const;

/** An ePID buffer of its full size, of which only the start was written anew. */
export function withStaleTail(ePid: string, stale: Uint8Array): Uint8Array {
  const whole = utf16(`${ePid}\0`);
  const buffer = Buffer.alloc(Math.max(MAX_EPID_SIZE, whole.length));
  buffer.set(stale.subarray(0, buffer.length - whole.length), whole.length);
  buffer.set(whole);
  return buffer;
}
