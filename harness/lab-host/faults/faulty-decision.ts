import {
  displayText,
  findProduct,
  HRESULT,
  type KeyGroup,
  type KeyGroupSetting,
  type KmsRequest,
  NIL_GUID,
  SERVER_THRESHOLD,
} from '../../../protocol';
import { decide, type DecisionRules, isClockNear, isGranted, MAX_REQUIRED_CLIENT_COUNT } from '../decision';
import type { FaultSet } from './faults';

/** What a buffer of 63 code units holds beside its NUL. */
const LONGEST_NAME = 62;
const OLDER_GENERATION = ['vista', '2008-a', '2008-b', '2008-c'];
const NEWER_PRODUCTS = ['win7', 'r2-a', 'r2-b', 'r2-c'];

/** `decide` as a host with faults does it. @returns the HRESULT: 0 where the request is granted */
export function faultyDecide(
  request: KmsRequest,
  rules: DecisionRules,
  nowMs: number,
  faults: FaultSet,
): number {
  if (isRefusedForNoReason(request, faults)) return HRESULT.invalidData;
  if (faults.has('trusts-required-count') && request.requiredClientCount > MAX_REQUIRED_CLIENT_COUNT) {
    return HRESULT.ok;
  }
  const hresult = decide(request, { ...rules, keyGroup: 'any' }, nowMs);
  if (hresult === HRESULT.invalidData) return hresult;
  if (!isGrantedWith(request, rules.keyGroup, faults)) {
    return faults.has('wrong-refusal-status') ? HRESULT.licenceStore : HRESULT.productNotOffered;
  }
  return faultyClock(request, hresult, nowMs, faults);
}

/** Both faults of the clock refuse whether the host was told to check clocks or not. */
function faultyClock(request: KmsRequest, hresult: number, nowMs: number, faults: FaultSet): number {
  const isNear = isClockNear(request, nowMs);
  if (faults.has('wrong-clock-status') && !isNear) return HRESULT.licenceStore;
  if (faults.has('counts-wrong-clock') && !isNear) return HRESULT.clockTooFarOff;
  return hresult;
}

function isRefusedForNoReason(request: KmsRequest, faults: FaultSet): boolean {
  const name = displayText(request.workstationName);
  return (
    (faults.has('refuses-notification') && request.licenseStatus === 5) ||
    (faults.has('refuses-extended-grace') && request.licenseStatus === 6) ||
    (faults.has('refuses-virtual') && request.isVirtualMachine !== 0) ||
    (faults.has('refuses-previous-cmid') && request.previousClientMachineId !== NIL_GUID) ||
    (faults.has('refuses-empty-name') && name === '') ||
    (faults.has('refuses-long-name') && name.length > LONGEST_NAME) ||
    (faults.has('refuses-foreign-name') && /[^\0-\x7f]/.test(name))
  );
}

function isGrantedWith(request: KmsRequest, keyGroup: KeyGroupSetting, faults: FaultSet): boolean {
  const product = findProduct(request.kmsCountedId);
  const isOffice = product?.key === 'office2010';
  const officeKey = keyGroup === 'office2010';
  if (product === undefined) return faults.has('grants-unknown-products') || isGranted(request, keyGroup);
  if (faults.has('vista-key-grants-nothing') && keyGroup === 'vista') return false;
  if (faults.has('server-key-refuses-clients') && product.requiredClientCount > SERVER_THRESHOLD)
    return false;
  if (faults.has('key-grants-own-group-only')) return product.key === keyGroup;
  if (faults.has('vista-key-grants-servers') && keyGroup === 'vista') return !isOffice;
  if (faults.has('refuses-older-generation') && OLDER_GENERATION.includes(product.key)) return false;
  if (faults.has('grants-newer-generation') && NEWER_PRODUCTS.includes(product.key)) return true;
  if (faults.has('grants-office-with-windows-key') && isOffice) return true;
  if (faults.has('grants-windows-with-office-key') && officeKey) return true;
  if (faults.has('ignores-application')) {
    return isGranted({ ...request, applicationId: product.applicationId }, keyGroup);
  }
  return isGranted(request, mistakenGroup(keyGroup, faults));
}

function mistakenGroup(keyGroup: KeyGroupSetting, faults: FaultSet): KeyGroupSetting {
  const mistaken = (name: 'a' | 'b' | 'c', as: 'b' | 'c'): KeyGroup | undefined =>
    keyGroup === `2008-${name}` ? `2008-${as}` : undefined;
  if (faults.has('group-c-taken-for-b')) return mistaken('c', 'b') ?? keyGroup;
  if (faults.has('group-a-taken-for-b')) return mistaken('a', 'b') ?? keyGroup;
  if (faults.has('group-b-taken-for-c')) return mistaken('b', 'c') ?? keyGroup;
  return keyGroup;
}

/** Whether a refused request is counted all the same. */
export function isCountedThoughRefused(request: KmsRequest, hresult: number, faults: FaultSet): boolean {
  return (
    faults.has('counts-refused') ||
    (faults.has('counts-huge-required-count') && request.requiredClientCount > MAX_REQUIRED_CLIENT_COUNT) ||
    (faults.has('counts-refused-product') && hresult === HRESULT.productNotOffered) ||
    (faults.has('counts-wrong-clock') && hresult === HRESULT.clockTooFarOff)
  );
}
