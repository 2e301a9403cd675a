import { APPLICATIONS, HRESULT, KEY_GROUPS, NIL_GUID, PRODUCTS } from '../../../../protocol';
import { MADE, type Unnumbered } from './made';

type GrantVector = Unnumbered<'grant'>;

const MOST = 1000;
const UNKNOWN = '01234567-89ab-cdef-0123-456789abcdef';

/** Which product a key group activates, by the table of products; N_Policy is looked at before it. */
export function* grants(): Generator<GrantVector> {
  for (const keyGroup of [...KEY_GROUPS, 'any'] as const) {
    const vector = (
      comment: string,
      request: { applicationId: string; kmsCountedId: string; requiredClientCount: number },
      isOffered: boolean,
    ): GrantVector => {
      const { requiredClientCount } = request;
      const refused = isOffered ? HRESULT.ok : HRESULT.productNotOffered;
      const hresult = requiredClientCount > MOST ? HRESULT.invalidData : refused;
      return { comment, source: MADE, keyGroup, request, hresult };
    };
    for (const { name, applicationId, kmsCountedId, requiredClientCount, keyGroups } of PRODUCTS) {
      const isOffered = keyGroup === 'any' || (keyGroups as readonly string[]).includes(keyGroup);
      const request = { applicationId, kmsCountedId, requiredClientCount };
      yield vector(name, request, isOffered);
      yield vector(`${name}, N_Policy ${MOST + 1}`, { ...request, requiredClientCount: MOST + 1 }, isOffered);
      if (isOffered)
        yield vector(`${name}, N_Policy ${MOST}`, { ...request, requiredClientCount: MOST }, isOffered);
      const other = applicationId === APPLICATIONS.windows ? APPLICATIONS.office2010 : APPLICATIONS.windows;
      yield vector(
        `${name} under another application`,
        { ...request, applicationId: other },
        keyGroup === 'any',
      );
    }
    for (const kmsCountedId of [UNKNOWN, NIL_GUID]) {
      const request = { applicationId: APPLICATIONS.windows, kmsCountedId, requiredClientCount: 25 };
      yield vector('a product that nobody knows', request, keyGroup === 'any');
    }
  }
}
