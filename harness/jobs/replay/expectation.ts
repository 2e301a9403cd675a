import { type Exchange, HRESULT, KEY_GROUPS, type KeyGroupSetting } from '../../../protocol';
import { countedRequest, CountingModel } from '../../model/counting-model';
import { decideGrant, isGranted } from '../../model/decide-grant';
import { DEFAULT_PROFILE, type Profile } from '../../model/profile';

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
export function recordedKeyGroup(exchanges: Iterable<Exchange>): KeyGroupSetting | undefined {
  const evidence = new KeyGroupEvidence();
  for (const exchange of exchanges) evidence.take(exchange);
  return evidence.group;
}

/** The largest of the Windows groups stand behind the smaller ones of their generation. */
const BY_SIZE: readonly KeyGroupSetting[] = [
  ...KEY_GROUPS.filter((group) => group !== 'office2010').reverse(),
  'office2010',
];

/** What recorded grants and refusals tell of the key group, exchange by exchange, in any order: see `recordedKeyGroup`. */
export class KeyGroupEvidence {
  #possible = BY_SIZE;
  #refused = false;

  get group(): KeyGroupSetting | undefined {
    return this.#refused ? this.#possible[0] : 'any';
  }

  take({ request: { content }, answer }: Exchange): void {
    if (content.kind !== 'clear') return;
    const wasRefused = answer?.kind === 'refusal' && answer.hresult === HRESULT.productNotOffered;
    if (!wasRefused && answer?.kind !== 'response') return;
    this.#refused ||= wasRefused;
    const explains = (group: KeyGroupSetting): boolean => isGranted(content.value, group) !== wasRefused;
    if (!this.#possible.every(explains)) this.#possible = this.#possible.filter(explains);
  }
}

/** Whether recorded counts are those of a host that had counted nothing before, exchange by exchange in their order. */
export class FreshnessEvidence {
  readonly #model: ModelHost;
  /** So far. */
  isFresh = true;

  constructor(profile: Profile, keyGroup: KeyGroupSetting) {
    this.#model = new ModelHost(profile, keyGroup);
  }

  take(exchange: Exchange): void {
    if (!this.isFresh) return;
    const expected = this.#model.answer(exchange);
    if (expected?.kind !== 'count' || exchange.answer?.kind !== 'response') return;
    this.isFresh = expected.count === exchange.answer.value.currentClientCount;
  }
}

/**
 * The same before key group and profile are known. It holds for a host that grants every product, and counts virtual machines as others or was
 * asked by none: most of those that were recorded.
 */
export class PlainFreshness {
  readonly #evidence = new FreshnessEvidence(DEFAULT_PROFILE, 'any');
  #sawVirtual = false;

  get isFresh(): boolean {
    return this.#evidence.isFresh;
  }

  take(exchange: Exchange): void {
    const { content } = exchange.request;
    this.#sawVirtual ||= content.kind === 'clear' && content.value.isVirtualMachine !== 0;
    this.#evidence.take(exchange);
  }

  holdsFor({ countsVirtualMachines }: Profile, keyGroup: KeyGroupSetting): boolean {
    return keyGroup === 'any' && (countsVirtualMachines || !this.#sawVirtual);
  }
}

/** True where the recorded counts are those of a host that had counted nothing before. */
export function beganFresh(
  exchanges: Iterable<Exchange>,
  profile: Profile,
  keyGroup: KeyGroupSetting,
): boolean {
  const evidence = new FreshnessEvidence(profile, keyGroup);
  for (const exchange of exchanges) evidence.take(exchange);
  return evidence.isFresh;
}
