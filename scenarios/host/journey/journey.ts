import type { RequestDriver } from '../../../harness/jobs/suite/host/request-driver';
import type { Session } from '../../../harness/jobs/suite/session';
import { inconclusive } from '../../../harness/jobs/suite/verdict';
import { MachineWords } from '../machine-words';
import { type Overlap, seeOverlap } from './overlap';
import { countOf, evidenceOf, expectRight, isRight, type Step, type Together } from './step';
import { seeTenPlaces, type TenPlaces } from './ten-places';
import { seeThreshold, type UpToThreshold } from './up-to-threshold';
import { Way } from './way';

type Seen = Step | Together;

/** What a run saw of its host on the one way from no machine to a full cache: each stretch is gone once, and kept for all who look at it. */
class Stretches {
  readonly #gone = new Map<string, Promise<unknown>>();
  /** Every step of every stretch so far. */
  readonly seen: Seen[] = [];

  has(name: string): boolean {
    return this.#gone.has(name);
  }

  go<T>(driver: RequestDriver, name: string, see: (way: Way) => Promise<T>): Promise<T> {
    let stretch = this.#gone.get(name) as Promise<T> | undefined;
    if (stretch === undefined) {
      stretch = this.#see(driver.companion(`journey ${name}`), see);
      this.#gone.set(name, stretch);
    }
    return stretch;
  }

  async #see<T>(driver: RequestDriver, see: (way: Way) => Promise<T>): Promise<T> {
    const way = new Way(driver);
    try {
      return await see(way);
    } finally {
      this.seen.push(...way.seen);
      await driver.client.close();
    }
  }
}

const STRETCHES = new WeakMap<Session, Stretches>();

/** The journey as one scenario looks at it: what it reads is named in its message, and stands in its evidence. */
export class JourneyWords {
  readonly #stretches: Stretches;

  constructor(private readonly driver: RequestDriver) {
    const { session } = driver;
    this.#stretches = STRETCHES.get(session) ?? new Stretches();
    STRETCHES.set(session, this.#stretches);
  }

  /** Servers only, up to the first client OS. @returns null where a client OS has asked before */
  async tenPlaces(): Promise<TenPlaces | null> {
    const { driver } = this;
    const isGone = this.#stretches.has('ten');
    if (!isGone && driver.session.hasChosen('client')) return null;
    return this.#stretches.go(driver, 'ten', (way) => seeTenPlaces(way, new MachineWords(way.driver)));
  }

  /** From there to the threshold of client OSes. */
  upToThreshold(): Promise<UpToThreshold> {
    return this.#stretches.go(this.driver, 'threshold', async (way) => {
      await way.begin();
      return seeThreshold(way, this.#counted());
    });
  }

  /** Requests at the same time, in a cache that has room. */
  overlap(): Promise<Overlap> {
    return this.#stretches.go(this.driver, 'overlap', async (way) => {
      await way.begin();
      return seeOverlap(way);
    });
  }

  /** All that was seen so far. */
  get everything(): readonly Seen[] {
    return this.#stretches.seen;
  }

  /** The counts of steps, which the scenario's verdict rests on from here. @throws NotGranted where one was refused */
  counts(steps: readonly (Step | undefined)[]): number[] {
    const seen = this.#all(steps);
    this.#show(seen);
    return seen.map(countOf);
  }

  /** The counts of the first ten machines of all. @throws NotGranted where one was refused */
  firstTen({ first }: TenPlaces): number[] {
    const behind = this.counts(first);
    const wrong = first.findIndex((step, i) => countOf(step) !== i + 2);
    if (wrong !== -1) this.#show(first.slice(0, wrong + 1));
    return [this.driver.session.openingCount!, ...behind];
  }

  /** @throws NotGranted, or Deviation where no conforming host would have answered so */
  expectRight(steps: readonly (Seen | undefined)[]): void {
    const seen = this.#all(steps);
    this.#show(seen);
    for (const each of seen) expectRight(each);
  }

  #all<T extends Seen>(steps: readonly (T | undefined)[]): T[] {
    const seen = steps.filter((step) => step !== undefined);
    if (seen.length === steps.length && seen.length > 0) return seen;
    inconclusive(
      'the host was not taken so far: what it answered before is not right, or it grants no client operating system',
    );
  }

  /** Shows the first that is wrong with the one before it, or the last. */
  #show(seen: readonly Seen[]): void {
    const found = seen.findIndex((each) => !isRight(each));
    const at = found === -1 ? seen.length - 1 : found;
    this.driver.lastSent = seen[at]!.sent;
    this.driver.heard.cite(seen.slice(Math.max(0, at - 1), at + 1).flatMap(evidenceOf));
  }

  /** Machines that are counted now. */
  #counted(): number {
    const { session } = this.driver;
    const { applicationId } = session.productOf(session.regular);
    const [count] = session.possibleStates.counts(applicationId) ?? [];
    return count ?? 0;
  }
}
