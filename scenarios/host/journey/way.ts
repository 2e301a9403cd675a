import { chooseProduct } from '../../../harness/jobs/suite/choose-product';
import { countMoves } from '../../../harness/jobs/suite/count-movement';
import type { Machine } from '../../../harness/jobs/suite/host/machines';
import type { RequestDriver } from '../../../harness/jobs/suite/host/request-driver';
import { inconclusive } from '../../../harness/jobs/suite/verdict';
import { NotGranted, type Reply } from '../../../harness/jobs/suite/host/reply';
import { placesFor } from '../../../harness/model/client-cache';
import { CLIENT_THRESHOLD } from '../../../protocol';
import { CountWords } from '../count-words';
import { Deviation } from '../deviation';
import type { Step, Together } from './step';

/** How long the count is watched for others, where what was seen may be their doing. */
const WATCH_MS = 3000;
const MOST_PLACES = placesFor(CLIENT_THRESHOLD);

/**
 * A stretch of the journey as it is gone. What is wrong is kept and judged by the scenarios that look at it; the way goes on from what the
 * host answered. Where others may have raised a count, it is watched at once, while it has room to rise.
 */
export class Way {
  /** All that was seen, in its order. */
  readonly seen: (Step | Together)[] = [];
  /** The count was watched, by a client OS that asked: a cache of ten has room for fifty since. */
  hasWatched = false;
  readonly #counts: CountWords;

  constructor(readonly driver: RequestDriver) {
    this.#counts = new CountWords(driver);
  }

  /** A machine asks while nothing else is under way. @throws HostFailure; Inconclusive where others use the host */
  async ask(machine: Machine, what: string): Promise<Step> {
    return this.#keep(what, await this.driver.ask(machine));
  }

  async each(machines: readonly Machine[], what: string): Promise<Step[]> {
    const steps: Step[] = [];
    for (const machine of machines)
      steps.push(await this.ask(machine, `${what}, number ${steps.length + 1}`));
    return steps;
  }

  /** The first client OS, of a product that the host grants; null where it grants none. */
  async firstClient(what: string): Promise<Step | null> {
    const { driver } = this;
    const { session } = driver;
    const reply = await chooseProduct(driver, 'client', session.regular);
    return reply === null || !session.grants('client') ? null : this.#keep(what, reply);
  }

  /** The first client OS asks where none has, behind the ten places of servers. */
  async begin(): Promise<void> {
    if (!this.driver.session.hasChosen('client')) await this.firstClient('the first client OS');
  }

  async together(machines: readonly Machine[], what: string): Promise<Together> {
    let problem: Error | null = null;
    try {
      await this.#counts.together(machines.map((machine) => ({ machine })));
    } catch (error) {
      if (!(error instanceof Deviation || error instanceof NotGranted)) throw error;
      problem = error;
    }
    const { heard, lastSent } = this.driver;
    const seen = { what, sent: lastSent, problem, evidence: heard.evidence() };
    this.seen.push(seen);
    if (problem instanceof Deviation) await this.#watch();
    return seen;
  }

  async #keep(what: string, reply: Reply): Promise<Step> {
    const { lastSent, lastRight } = this.driver;
    const step = { what, sent: lastSent, reply, right: lastRight };
    this.seen.push(step);
    if (mayBeOthers(step)) await this.#watch();
    return step;
  }

  async #watch(): Promise<void> {
    if (this.hasWatched) return;
    this.hasWatched = true;
    const { driver } = this;
    const { session } = driver;
    if (!session.hasChosen('client')) await chooseProduct(driver, 'client', session.regular);
    if (await countMoves(session, driver, WATCH_MS)) {
      inconclusive(session.sawOthers());
    }
  }
}

/** Others can only raise a count, and not beyond the places that there are. */
function mayBeOthers({ reply, right }: Step): boolean {
  if (reply.kind !== 'granted' || right === null) return false;
  return reply.count > Math.max(...right) && reply.count <= MOST_PLACES;
}
