import { afresh } from '../../cases/afresh';
import type { FuzzCase, Step } from '../../cases/case';
import { WINDOWS } from '../../cases/conduct/capabilities';
import { CaseCount } from '../../cases/judge/case-count';
import type { Random } from '../../support/random';
import type { ConnectionObserver } from '../../client';
import { differencesOf } from './compare';
import type { Difference, Observation } from './observation';
import type { Holding, Side } from './side';

/**
 * How two hosts stand to one another: each application is new to both; or both are emptied before each conversation; or each is followed
 * from where it stands, and its counts are held against its own history alone.
 */
export type Standing = 'apart' | 'emptied' | 'followed';

export type Both = readonly [Observation, Observation];
/** Hear the connections of either side. */
export type Observers = readonly [ConnectionObserver, ConnectionObserver];

/** The two hosts, asked the same at the same time. */
export class Pair {
  readonly standing: Standing;
  readonly ignored = new Set<string>();
  readonly #canReset: boolean;
  readonly #asksCounters: boolean;
  /** The one table of each, from where it stands. */
  #found: readonly [CaseCount, CaseCount];

  constructor(
    readonly a: Side,
    readonly b: Side,
    private readonly random: Random,
    private readonly stopped: () => boolean,
    standing?: Standing,
  ) {
    const isApart = a.capabilities.countsApplicationsApart && b.capabilities.countsApplicationsApart;
    this.#canReset = a.target.controls.reset !== undefined && b.target.controls.reset !== undefined;
    this.standing = standing ?? (isApart ? 'apart' : this.#canReset ? 'emptied' : 'followed');
    this.#asksCounters =
      this.#canReset && a.target.controls.observe !== undefined && b.target.controls.observe !== undefined;
    this.#found = this.#foundTables();
  }

  get isApart(): boolean {
    return this.standing === 'apart';
  }

  /** Conversations at a time. */
  get lanes(): number {
    return this.isApart ? Math.min(this.a.lanes, this.b.lanes) : 1;
  }

  /** The same conversation with both, alone, of machines and applications that neither has met. */
  alone(cases: readonly FuzzCase[], observers?: Observers): Promise<Both> {
    return this.#hold(afresh(cases, this.random, this.isApart), observers);
  }

  async #hold(sent: readonly FuzzCase[], observers?: Observers): Promise<Both> {
    await this.#makeReady();
    const [one, other] = this.#holdings();
    const counters = this.#asksCounters;
    return Promise.all([
      this.a.alone(sent, { ...one, counters, observer: observers?.[0] }),
      this.b.alone(sent, { ...other, counters, observer: observers?.[1] }),
    ]);
  }

  /** The same conversation twice with each host. @returns in what either differs from itself, beside what is not looked at */
  async itself(cases: readonly FuzzCase[]): Promise<readonly Difference[]> {
    const sent = afresh(cases, this.random, this.isApart);
    const first = await this.#hold(sent);
    // A host that was emptied can be sent the very same.
    if (this.#canReset) return this.#changes(first, await this.#hold(sent), cases);
    const others = afresh(cases, this.random, this.isApart);
    const again = await this.#hold(others);
    // Of other machines it returns other CMIDs.
    return this.#changes(first.map(withoutIdentity), again.map(withoutIdentity), cases);
  }

  #changes(
    first: readonly Observation[],
    again: readonly Observation[],
    cases: readonly FuzzCase[],
  ): readonly Difference[] {
    const leaving = { ignored: this.ignored, counts: this.leavesCounts(cases) };
    return first.flatMap((one, at) => [
      ...differencesOf(one, again[at]!, leaving),
      // Which of the two times it did this, and which that, is chance.
      ...differencesOf(again[at]!, one, leaving),
    ]);
  }

  /** A conversation beside others, as it stands. */
  async beside(one: FuzzCase): Promise<Both> {
    if (!this.isApart) {
      if (this.standing === 'emptied')
        await Promise.all([this.a.target.controls.reset!(), this.b.target.controls.reset!()]);
      const shared = [{ ...one, applications: [WINDOWS, WINDOWS] as const }];
      const [mine, theirs] = this.#holdings();
      return Promise.all([this.a.beside(shared, mine), this.b.beside(shared, theirs)]);
    }
    return Promise.all([this.a.beside([one]), this.b.beside([one])]);
  }

  /** @param cases where they ask for an application that others asked for before, counts are each host's own */
  differences(cases: readonly FuzzCase[], [a, b]: Both): readonly Difference[] {
    return differencesOf(a, b, { ignored: this.ignored, counts: this.leavesCounts(cases) });
  }

  leavesCounts(cases: readonly FuzzCase[]): boolean {
    if (this.#canReset) return false;
    return !this.isApart || cases.some(isShared);
  }

  /** Brings both back, where one died. @throws TargetDied */
  async reviveBoth(): Promise<void> {
    if (this.a.isDown || this.b.isDown) await this.#makeReady();
  }

  async #makeReady(): Promise<void> {
    await Promise.all([this.a.makeReady(this.stopped), this.b.makeReady(this.stopped)]);
    if (this.standing === 'emptied') this.#found = this.#foundTables();
  }

  #holdings(): readonly [Holding, Holding] {
    if (this.standing === 'apart') return [{}, {}];
    if (this.standing === 'emptied') return [{ count: this.#table(this.a) }, { count: this.#table(this.b) }];
    return [{ count: this.#found[0] }, { count: this.#found[1] }];
  }

  readonly #table = ({ target }: Side): CaseCount => new CaseCount(target.profile);

  #foundTables(): readonly [CaseCount, CaseCount] {
    const found = ({ target }: Side): CaseCount => new CaseCount(target.profile, 'what it was found with');
    return [found(this.a), found(this.b)];
  }
}

/** Whether it asks for an application that others may have asked for before. */
const isShared = ({ applications, steps }: FuzzCase): boolean =>
  applications.includes(WINDOWS) || steps.some((step) => step.kind === 'raw' || namesApplication(step));

/** A request for an application of its own choice, beside those of its case. */
const namesApplication = (step: Step): boolean =>
  step.kind === 'ask' && step.message.some(({ field }) => field === 'applicationId');

const IDENTITY = ['response.clientMachineId', 'response.requestTime'];

function withoutIdentity({ steps, ...rest }: Observation): Observation {
  const stripped = steps.map((step) =>
    step.map((seen) => ({
      ...seen,
      fields: Object.fromEntries(Object.entries(seen.fields).filter(([path]) => !IDENTITY.includes(path))),
    })),
  );
  return { ...rest, steps: stripped };
}
