import { type Exchange, HRESULT, KEY_GROUPS, type KeyGroupSetting, type KmsRequest } from '../../../protocol';
import { countedRequest, CountingModel } from '../../model/counting-model';
import { decideGrant, isGranted } from '../../model/decide-grant';
import type { Profile } from '../../model/profile';

/** What the model answers: a count, or an HRESULT. Null where it has nothing to say: sealed or malformed requests. */
export type Expected =
  | { readonly kind: 'count'; readonly count: number; readonly capacity: number }
  | { readonly kind: 'refusal'; readonly hresult: number }
  | null;

/** Answers recorded requests in their order as a conforming, fresh host of a key group would. */
export class ModelHost {
  readonly #model: CountingModel;

  constructor(
    profile: Profile,
    private readonly keyGroup: KeyGroupSetting,
  ) {
    this.#model = new CountingModel(profile);
  }

  answer({ request: { content }, requestedAt }: Exchange): Expected {
    if (content.kind !== 'clear' || content.value.majorVersion !== 4) return null;
    const request = content.value;
    const hresult = decideGrant(request, this.keyGroup);
    if (hresult !== HRESULT.ok) return { kind: 'refusal', hresult };
    const count = this.#model.grant(countedRequest(request), Number(requestedAt / 1_000_000n));
    return { kind: 'count', count, capacity: this.#model.cache(request.applicationId).capacity };
  }
}

/**
 * The key group of the host that was recorded, as far as its grants and refusals tell: `any` where it refused no product; else
 * the largest group that explains all of them; undefined where none does.
 */
export function recordedKeyGroup(exchanges: readonly Exchange[]): KeyGroupSetting | undefined {
  const granted: KmsRequest[] = [];
  const refused: KmsRequest[] = [];
  for (const { request, answer } of exchanges) {
    if (request.content.kind !== 'clear') continue;
    if (answer?.kind === 'response') granted.push(request.content.value);
    if (answer?.kind === 'refusal' && answer.hresult === HRESULT.productNotOffered) {
      refused.push(request.content.value);
    }
  }
  if (refused.length === 0) return 'any';
  const fits = (group: KeyGroupSetting): boolean =>
    granted.every((request) => isGranted(request, group)) &&
    !refused.some((request) => isGranted(request, group));
  // The largest of the Windows groups stand behind the smaller ones of their generation.
  const [largest, office] = [
    KEY_GROUPS.filter((group) => group !== 'office2010').reverse(),
    'office2010' as const,
  ];
  return [...largest, office].find(fits);
}

/** True where the recorded counts are those of a host that had counted nothing before. */
export function beganFresh(
  exchanges: readonly Exchange[],
  profile: Profile,
  keyGroup: KeyGroupSetting,
): boolean {
  const model = new ModelHost(profile, keyGroup);
  return exchanges.every((exchange) => {
    const expected = model.answer(exchange);
    if (expected?.kind !== 'count' || exchange.answer?.kind !== 'response') return true;
    return expected.count === exchange.answer.value.currentClientCount;
  });
}
