import type { ProtocolErrorDetails } from '../../../../protocol';
import type { NotGrantedReply } from '../host/reply';

/** What usually causes bytes that do not decode, by the field at which they stop to make sense; the first that fits. */
const UNDECODABLE: readonly (readonly [RegExp, string])[] = [
  [
    /^rpc\.(bindAck|alterContextResp)\.(result|padding)/,
    'is the padding behind the secondary address missing, or not up to a multiple of 4 from the start of the PDU?',
  ],
  [/^rpc\.(bindAck|alterContextResp)\.secondaryAddress/, 'does its length count the NUL at its end?'],
  [/^rpc\.header\.fragLength/, 'frag_length is that of the whole PDU, its header included'],
  [
    /^rpc\.header\.(rpcVers|drep)/,
    'does an earlier PDU end before or behind its frag_length, so that this is none?',
  ],
  [
    /^stub\.response\.(message|responseSize|maxCount)/,
    'are the lengths of the stub in the byte order that drep declares, and do both give the size of the message?',
  ],
  [/^stub\.response\.(padding|hresult)/, 'is the message padded to a multiple of 4 before the HRESULT?'],
  [
    /^kms\.response($|\.mac|\.ePid)/,
    'PIDSize counts octets, the NUL of the ePID included, and 16 octets of MAC end the message',
  ],
];

export function hintOnUndecodable({ path }: ProtocolErrorDetails): string | undefined {
  return UNDECODABLE.find(([pattern]) => pattern.test(path))?.[1];
}

/** What usually makes one number out of another; undefined where they tell nothing. */
export function hintOnNumbers(expected: unknown, received: unknown): string | undefined {
  if (typeof expected !== 'number' || typeof received !== 'number' || !Number.isInteger(expected))
    return undefined;
  const octets = Buffer.alloc(4);
  if (expected <= 0 || expected > 0xffffffff || received === expected) return undefined;
  octets.writeUInt32LE(expected);
  if (octets.readUInt32BE() !== received) return undefined;
  return 'those are the right octets from back to front: the message is little-endian';
}

/** What usually causes an answer that grants nothing, where its bytes tell. */
export function hintOnReply({ answer }: NotGrantedReply): string | undefined {
  return answer.kind === 'malformed' ? hintOnUndecodable(answer.error) : undefined;
}
