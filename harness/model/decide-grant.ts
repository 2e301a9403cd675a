import { findProduct, HRESULT, type KeyGroupSetting } from '../../protocol';

/** Above this a host refuses N_Policy (wire format, section 3). */
export const MAX_N_POLICY = 1000;

/** What of a request, or of a product, bears on whether it is granted. */
export interface GrantQuestion {
  /** KMSID. */
  readonly kmsCountedId: string;
  readonly applicationId: string;
  /** N_Policy. */
  readonly requiredClientCount: number;
}

/**
 * Whether a key of that group activates the product (volume-activation-article; understanding-kms 2.9). A host of the key group `any`
 * grants what it does not know, as the recorded one did; every other knows the product by its KMSID and AppID.
 */
export function isGranted(
  { kmsCountedId, applicationId }: Pick<GrantQuestion, 'kmsCountedId' | 'applicationId'>,
  keyGroup: KeyGroupSetting,
): boolean {
  if (keyGroup === 'any') return true;
  const product = findProduct(kmsCountedId);
  return product?.applicationId === applicationId && product.keyGroups.includes(keyGroup);
}

/**
 * Whether a conforming host grants a well-formed version 4.0 request: N_Policy is looked at before the product (wire format, section 3).
 * @param isProductGranted for a host that has an answer of its own to that question
 * @returns the HRESULT: 0 where it is granted
 */
export function decideGrant(
  request: GrantQuestion,
  keyGroup: KeyGroupSetting,
  isProductGranted = isGranted,
): number {
  if (request.requiredClientCount > MAX_N_POLICY) return HRESULT.invalidData;
  return isProductGranted(request, keyGroup) ? HRESULT.ok : HRESULT.productNotOffered;
}
