import { filetimeFromUnixMs, TICKS_PER_SECOND } from '../../protocol/filetime';
import { type KmsRequest, REQUEST_SIZE } from '../../protocol/message';
import type { KeyGroupSetting } from '../../protocol/products';
import { HRESULT } from '../../protocol/status';
import { decideGrant } from '../model/decide-grant';

export { isGranted } from '../model/decide-grant';

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
 * Whether the lab host grants a well-formed version 4.0 request; where it is told to, it looks at the client's clock last.
 * @returns the HRESULT: 0 where it is granted
 */
export function decide(
  request: KmsRequest,
  rules: DecisionRules,
  nowMs: number,
  isProductGranted: (request: KmsRequest, keyGroup: KeyGroupSetting) => boolean,
): number {
  const hresult = decideGrant(request, rules.keyGroup, () => isProductGranted(request, rules.keyGroup));
  const isClockWrong = hresult === HRESULT.ok && rules.checkClock && !isClockNear(request, nowMs);
  return isClockWrong ? HRESULT.clockTooFarOff : hresult;
}
