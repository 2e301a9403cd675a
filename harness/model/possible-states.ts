import { type CacheRequest, ClientCache } from './client-cache';
import { AskedBefore } from './asked-before';
import { type CountedRequest, isCounted } from './counting-model';
import { foundHost } from './found-host';
import {
  type Answered,
  distinct,
  explain,
  MAX_HISTORIES,
  type Outlook,
  outlooks,
  type Possibility,
  reachableCounts,
} from './possible-histories';
import type { Profile } from './profile';
import { pendingIn, ToCome, without } from './to-come';

/** More states than this are not kept apart; what was known is then forgotten. */
const MAX_STATES = 64;
/** So many requests of which nobody knows whether a host will still come to them are kept in mind. */
const MAX_PENDING = 3;

/** A request that was granted, with the count of its answer. */
export interface GrantedRequest {
  readonly request: CountedRequest;
  readonly count: number;
}

/** An order is looked for level by level of the counts: more different ones than this are not judged, and nothing is known behind them. */
const MAX_LEVELS = 512;

/** What to go by once no state explains a count: the host was found with it, or goes on as if it had answered what is right. */
export type AfterWrongCount = 'believe-host' | 'believe-model';

/**
 * What is known of a host's counts: application by application, every state that a conforming host may be in after what was asked of it and
 * what it answered. An answer leaves those that agree with it; where an answer was lost, or requests overlapped, there may be several.
 * Each application is known, or not known at all: then nothing is expected of it.
 *
 * Which call for what came to a request:
 * - answered, nothing else under way: `granted`
 * - answered, and others were under way: all of them together, `grantedTogether`
 * - granted, the count not known or not to be believed: `grantedUnseen`
 * - no answer, and the host is done with it: `recordUncertain`
 * - no answer, and the host may still come to it: `recordPending`
 * - refused: none, a refusal changes nothing
 */
export class PossibleStates {
  readonly #states = new Map<string, Possibility[]>();
  readonly #toCome = new ToCome();
  readonly #askedBefore: AskedBefore;
  /** What holds for applications that nothing was asked of: they hold nothing, or nobody knows. */
  #emptyElse = false;

  /**
   * @param nowMs the host's clock, ms since 1970
   * @param strangers whether a machine that never asked here may be there when the host is found: others asked it with the same machines
   */
  constructor(
    private readonly profile: Profile,
    private readonly nowMs: () => number,
    strangers: 'are new' | 'may be there' = 'are new',
  ) {
    this.#askedBefore = new AskedBefore(strangers === 'may be there');
  }

  /** Whether anything is known of that application's count. */
  knows(applicationId: string): boolean {
    return this.#of(applicationId).length > 0;
  }

  /** The host holds nothing, of no application. */
  reset(): void {
    this.#askedBefore.clear();
    this.#states.clear();
    this.#toCome.clear();
    this.#emptyElse = true;
  }

  /** The host was restarted: it holds nothing, unless the profile's hosts keep their count. */
  restart(): void {
    if (!this.profile.countSurvivesRestart) this.reset();
  }

  /** Nobody knows any more what the host holds, of all applications or of one. */
  forget(applicationId?: string): void {
    if (applicationId !== undefined) return this.#set(applicationId, []);
    this.#askedBefore.allForgotten();
    for (const [known, states] of this.#states) this.#toCome.keep(known, states);
    this.#states.clear();
    this.#emptyElse = false;
  }

  /** The counts that a conforming host may answer to this request, asked now and alone; undefined where nothing is known. */
  expected(request: CountedRequest): ReadonlySet<number> | undefined {
    const states = this.#of(request.applicationId);
    return states.length === 0 ? undefined : this.#reachable(states, request);
  }

  /** As `expected`, each with what makes it so; none where nothing is known. */
  outlooks(request: CountedRequest): readonly Outlook[] {
    const counted = isCounted(request, this.profile);
    const nowMs = this.nowMs();
    return this.#of(request.applicationId).flatMap((state) => outlooks(state, request, counted, nowMs));
  }

  /** The caches that a conforming host may have for an application; none where nothing is known. To be looked at, not changed. */
  caches(applicationId: string): readonly ClientCache[] {
    return this.#of(applicationId).map(({ cache }) => cache);
  }

  /** The counts that a conforming host may hold now; undefined where nothing is known. */
  counts(applicationId: string): ReadonlySet<number> | undefined {
    const states = this.#of(applicationId);
    return states.length === 0 ? undefined : this.#reachable(states, null);
  }

  /**
   * The host granted this with `count`, and nothing else was under way.
   * @returns null where a conforming host may answer so, or nothing is known; else the counts that would have been right
   */
  granted(
    request: CountedRequest,
    count: number,
    otherwise: AfterWrongCount = 'believe-host',
  ): ReadonlySet<number> | null {
    const { applicationId } = request;
    const states = this.#of(applicationId);
    if (this.#mayBeThere(request) && this.counts(applicationId)?.has(count) === true) {
      // Of those that the host was found with it may be one: who of the others is left is not known.
      this.#find(request, count);
      return null;
    }
    this.#isThere(request);
    const agreeing = this.#explain(states, [{ request: this.#counting(request), count }]);
    if (agreeing.length > 0) {
      this.#set(applicationId, agreeing);
      return null;
    }
    const right = states.length === 0 ? null : this.#reachable(states, request);
    if (otherwise === 'believe-host') this.#find(request, count, right !== null);
    else this.grantedUnseen(request);
    return right;
  }

  /**
   * The host granted these, which were all under way at the same time, in an order that nobody knows. Several may be of one client.
   * @returns null where some order explains all counts, nothing is known, or there are more than 512 different counts; else the counts that would have been right for the first of
   * them, by count, that is wrong, each taken for itself
   */
  grantedTogether(
    grants: readonly GrantedRequest[],
    otherwise: AfterWrongCount = 'believe-host',
  ): ReadonlySet<number> | null {
    let wrong: ReadonlySet<number> | null = null;
    for (const [applicationId, own] of byApplication(grants)) {
      if (new Set(own.map(({ count }) => count)).size > MAX_LEVELS) {
        this.#set(applicationId, []);
        continue;
      }
      const isAnyThere = own.some(({ request }) => this.#mayBeThere(request));
      for (const { request } of own) this.#isThere(request);
      // Some of them may have been there: how many, nobody knows.
      if (isAnyThere) {
        this.#set(applicationId, []);
        continue;
      }
      const answers = own.map(({ request, count }) => ({ request: this.#counting(request), count }));
      const agreeing = this.#explain(this.#of(applicationId), answers);
      if (agreeing.length > 0) {
        this.#set(applicationId, agreeing);
        continue;
      }
      for (const { request, count } of [...own].sort((a, b) => a.count - b.count)) {
        const right = this.granted(request, count, otherwise);
        wrong ??= right;
      }
    }
    return wrong;
  }

  /** The host granted this, and its answer is not known or not to be believed. */
  grantedUnseen(request: CountedRequest): void {
    const { applicationId } = request;
    const isNewOrNot = this.#mayBeThere(request);
    this.#isThere(request);
    this.#set(applicationId, isNewOrNot ? [] : this.#afterUnseen(this.#of(applicationId), request));
  }

  /** The host may have granted this, or not; it is done with it. */
  recordUncertain(request: CountedRequest): void {
    const { applicationId } = request;
    this.#mayHaveAsked(request);
    const states = this.#of(applicationId);
    const copies = states.map(({ cache, pending }) => ({ cache: cache.clone(), pending }));
    this.#set(applicationId, [...states, ...this.#afterUnseen(copies, request)]);
  }

  /** The host may have granted this, or may come to it at any later time, or never: until `recordOver`. */
  recordPending(request: CountedRequest): void {
    const { applicationId } = request;
    const counting = this.#counting(request);
    if (counting === null) return;
    this.#mayHaveAsked(request);
    const states = this.#of(applicationId).map(({ cache, pending }) => ({
      cache,
      pending: [...pending, counting],
    }));
    if (states.length === 0) this.#toCome.add(applicationId, counting);
    this.#set(applicationId, states);
  }

  /** A pending request, the same object, that the host comes to no more: it has granted it by now, or never will. */
  recordOver(request: CountedRequest): void {
    const { applicationId } = request;
    this.#toCome.over(applicationId, request);
    const states = this.#of(applicationId);
    this.#set(
      applicationId,
      states.flatMap((state) => {
        const pending = without(state.pending, request);
        if (pending === state.pending) return [state];
        const copy = { cache: state.cache.clone(), pending };
        return [{ cache: state.cache, pending }, ...this.#afterUnseen([copy], request)];
      }),
    );
  }

  /** The host is taken as it is found with this answer, which may be wrong; what it may still come to it may still come to. */
  #find(request: CountedRequest, count: number, isWrong = false): void {
    const { applicationId } = request;
    const states = this.#of(applicationId);
    const pending = states.length > 0 ? pendingIn(states) : this.#toCome.of(applicationId);
    if (!isWrong) {
      // Whoever asked before may be among those that it is found with. A host that is told is held against what is known of it, but for its count.
      this.#askedBefore.forgotten(applicationId);
      this.#isThere(request);
    }
    const found = foundHost(this.#counting(request), count, this.nowMs());
    this.#set(
      applicationId,
      found.map(({ cache }) => ({ cache, pending })),
    );
  }

  /** Whether a machine may be among those that the host was found with: one that is not counted shows their number, and changes nothing. */
  #mayBeThere(request: CountedRequest): boolean {
    return this.#counting(request) !== null && this.#askedBefore.mayBeThere(request);
  }

  /** It was granted: whoever is not counted may have been there before all the same. */
  #isThere(request: CountedRequest): void {
    if (this.#counting(request) !== null) this.#askedBefore.add(request);
  }

  /** Where it may have been there before, nobody knows any more of it than that. */
  #mayHaveAsked(request: CountedRequest): void {
    if (!this.#mayBeThere(request)) this.#isThere(request);
  }

  #of(applicationId: string): Possibility[] {
    let states = this.#states.get(applicationId);
    if (states === undefined) {
      states = this.#emptyElse ? [{ cache: new ClientCache(), pending: [] }] : [];
      this.#states.set(applicationId, states);
    }
    return states;
  }

  #set(applicationId: string, states: Possibility[]): void {
    const kept = states.length > 1 && states.length <= MAX_HISTORIES ? distinct(states) : states;
    const isTooMuch = kept.length > MAX_STATES || kept.some(({ pending }) => pending.length > MAX_PENDING);
    const known = isTooMuch ? [] : kept;
    if (known.length > 0) this.#toCome.delete(applicationId);
    else {
      this.#toCome.keep(applicationId, isTooMuch ? kept : (this.#states.get(applicationId) ?? []));
      this.#askedBefore.forgotten(applicationId);
    }
    this.#states.set(applicationId, known);
  }

  #explain(states: readonly Possibility[], answers: readonly Answered[]): Possibility[] {
    const nowMs = this.nowMs();
    return states.flatMap((state) => explain(state, answers, nowMs));
  }

  #afterUnseen(states: readonly Possibility[], request: CountedRequest): Possibility[] {
    const nowMs = this.nowMs();
    const asked = this.#counting(request);
    return states.flatMap((state) => {
      const [count, ...others] = reachableCounts(state, asked, nowMs);
      const { pending } = state;
      return [
        ...others.flatMap((other) =>
          explain({ cache: state.cache.clone(), pending }, [{ request: asked, count: other }], nowMs),
        ),
        ...explain(state, [{ request: asked, count: count! }], nowMs),
      ];
    });
  }

  #reachable(states: readonly Possibility[], request: CountedRequest | null): ReadonlySet<number> {
    const asked = request === null ? null : this.#counting(request);
    return new Set(states.flatMap((state) => [...reachableCounts(state, asked, this.nowMs())]));
  }

  /** Null for a machine that the profile does not count. */
  #counting(request: CountedRequest): CacheRequest | null {
    return isCounted(request, this.profile) ? request : null;
  }
}

function byApplication(grants: readonly GrantedRequest[]): ReadonlyMap<string, GrantedRequest[]> {
  const groups = new Map<string, GrantedRequest[]>();
  for (const grant of grants) {
    const group = groups.get(grant.request.applicationId);
    if (group === undefined) groups.set(grant.request.applicationId, [grant]);
    else group.push(grant);
  }
  return groups;
}
