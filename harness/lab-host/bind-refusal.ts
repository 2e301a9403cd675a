import { decode } from '../../protocol/codec/decode';
import type { Encoding } from '../../protocol/codec/encoding';
import { encodePdu } from '../../protocol/pdu';
import { authTrailerLayout } from '../../protocol/pdu-layouts';

/** Reasons of bind_nak that the host gives (C706 12.6.3.1, MS-RPCE 2.2.2.5, which makes 4 any protocol error in a bind). */
export const BIND_NAK = {
  notSpecified: 0,
  protocolVersion: 4,
  authenticationType: 8,
} as const;

/** Octets behind the one version, up to a multiple of 8. C706 12.6.4.5 has none, MS-RPCE 2.2.2.9 lets clients take either. */
const PADDING = new Uint8Array(3);

/** The protection levels that stand for something: above "none", up to "privacy" (MS-RPCE 2.2.1.1.8). */
const LEVELS = { lowest: 2, highest: 6 } as const;

/** Why a bind that authenticates is refused: the host knows no way to. */
export function reasonForCredentials(trailer: Uint8Array, encoding: Encoding): number {
  const { authLevel } = decode(authTrailerLayout, trailer, encoding);
  const isLevel = authLevel >= LEVELS.lowest && authLevel <= LEVELS.highest;
  return isLevel ? BIND_NAK.authenticationType : BIND_NAK.notSpecified;
}

export function bindNak(callId: number, reason: number): Uint8Array {
  const body = { reason, versions: [{ major: 5, minor: 0 }], trailing: PADDING };
  return encodePdu({ kind: 'bindNak', header: { callId }, body });
}
