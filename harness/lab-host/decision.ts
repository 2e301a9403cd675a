import { filetimeFromUnixMs, TICKS_PER_SECOND } from '../../protocol/filetime';
import { type KmsRequest, REQUEST_SIZE } from '../../protocol/message';
import { findProduct, type KeyGroupSetting } from '../../protocol/products';
import { HRESULT } from '../../protocol/status';

/** The largest N_Policy that a host takes (wire format, section 3). */
export const MAX_REQUIRED_CLIENT_COUNT = 1000;
/** How far a client's clock may be off where the host checks it. */
export const CLOCK_TOLERANCE_TICKS = 4n * 3600n * TICKS_PER_SECOND;

/** Whether the bytes are as long as a version 4.0 request and say that they are one. */
export function isVersion4Request(message: Uint8Array): boolean {
  return (
    message.length === REQUEST_SIZE &&
    message[0] === 0 &&
    message[1] === 0 &&
    message[2] === 4 &&
    message[3] === 0
  );
}

/** A host of the key group `any` grants what it does not know, as the recorded one did. */
export function isGranted(request: KmsRequest, keyGroup: KeyGroupSetting): boolean {
  if (keyGroup === 'any') return true;
  const product = findProduct(request.kmsCountedId);
  return (
    product !== undefined &&
    product.applicationId === request.applicationId &&
    product.keyGroups.includes(keyGroup)
  );
}

/** Whether the client's clock is near enough to the host's. */
export function isClockNear(request: KmsRequest, nowMs: number): boolean {
  const ahead = request.requestTime - filetimeFromUnixMs(nowMs);
  return ahead <= CLOCK_TOLERANCE_TICKS && -ahead <= CLOCK_TOLERANCE_TICKS;
}

export interface DecisionRules {
  readonly keyGroup: KeyGroupSetting;
  readonly checkClock: boolean;
}

/**
 * Whether a host grants a well-formed version 4.0 request: N_Policy is checked before the product (wire format, section 3).
 * @returns the HRESULT: 0 where it is granted
 */
export function decide(request: KmsRequest, rules: DecisionRules, nowMs: number): number {
  if (request.requiredClientCount > MAX_REQUIRED_CLIENT_COUNT) return HRESULT.invalidData;
  if (!isGranted(request, rules.keyGroup)) return HRESULT.productNotOffered;
  if (rules.checkClock && !isClockNear(request, nowMs)) return HRESULT.clockTooFarOff;
  return HRESULT.ok;
}
