import type { Random } from '../random';
import type { TargetControls } from '../target';
import type { RunContext } from './capabilities';
import type { FuzzCase } from './case';
import { CaseCount } from './case-count';
import { CoverageTable } from './coverage';
import { LeakWatch } from './leak-watch';
import { type Life, lifeOf } from './probe';
import { CaseRun, WINDOWS } from './run-case';
import { groupOf, type Violation, violation } from './violation';

/** The target cannot be brought back to life: a campaign ends here. */
export class TargetDied extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TargetDied';
  }
}

/** How long a host without a restart control has to come back by itself. */
const REVIVAL_MS = 30_000;
const REVIVAL_PAUSE_MS = 250;

export const DEATH = violation('alive', 'the host dies', 'a good request is answered', 'nobody listens');
export const HANG = violation('in-time', 'the host hangs', 'a good request is answered', 'silence');
export const SLOWNESS = violation('in-time', 'the host is slow', 'an answer in time', 'a late answer');

/** What the state of a host after a case is a violation of, if any. */
export function violationOfLife(life: Life): Violation | null {
  switch (life) {
    case 'answers':
      return null;
    case 'slow':
      return SLOWNESS;
    case 'silent':
      return HANG;
    case 'gone':
      return DEATH;
  }
}

/**
 * Runs cases alone, one after the other, and says what they show. The applications are new each time, so that it does not matter what the
 * host has counted before; the machines are those of the cases.
 */
export class Reproducer {
  #revive = false;

  constructor(
    private readonly context: RunContext,
    private readonly controls: TargetControls,
    private readonly random: Random,
  ) {}

  /** All that went wrong, the host's death or silence included. */
  async violationsOf(cases: readonly FuzzCase[]): Promise<readonly Violation[]> {
    if (this.#revive) await this.revive();
    const { grantsAnyApplication } = this.context.capabilities;
    if (!grantsAnyApplication) await this.controls.reset?.();
    const shared = grantsAnyApplication
      ? undefined
      : this.controls.reset === undefined
        ? null
        : new CaseCount(this.context.profile);
    const tools = {
      context: this.context,
      controls: this.controls,
      watch: new LeakWatch(),
      coverage: new CoverageTable(),
    };
    const found: Violation[] = [];
    let suspicious = false;
    for (const one of cases) {
      const run = new CaseRun(this.#afresh(one), shared === undefined ? tools : { ...tools, count: shared });
      const result = await run.run();
      found.push(...result.violations);
      suspicious ||= result.suspicious || result.unreachable;
      if (result.unreachable) break;
    }
    if (!suspicious && cases.at(-1)?.steps.every(({ kind }) => kind === 'ask') === true) return found;
    const life = violationOfLife(await lifeOf(this.context, this.random, suspicious ? 2 : 1));
    if (life === null) return found;
    this.#revive = life !== SLOWNESS;
    // What a dead host did not answer is no finding of its own.
    return [life];
  }

  async shows(cases: readonly FuzzCase[], group: string): Promise<boolean> {
    return (await this.violationsOf(cases)).some((found) => groupOf(found) === group);
  }

  #afresh(one: FuzzCase): FuzzCase {
    const { grantsAnyApplication } = this.context.capabilities;
    return {
      ...one,
      applications: grantsAnyApplication ? [this.random.guid(), this.random.guid()] : [WINDOWS, WINDOWS],
    };
  }

  /**
   * Brings the host back by its control, or waits for somebody else to.
   * @throws TargetDied where it does not come back
   */
  async revive(): Promise<void> {
    await this.controls.restart?.();
    const deadline = performance.now() + REVIVAL_MS;
    while ((await lifeOf(this.context, this.random, 1)) !== 'answers') {
      if (performance.now() > deadline || this.context.signal?.aborted === true) {
        const advice =
          this.controls.restart === undefined
            ? ', and there is no control to restart it'
            : ' after its restart control';
        throw new TargetDied(`the host did not come back within ${REVIVAL_MS / 1000} s${advice}`);
      }
      await new Promise((resolve) => setTimeout(resolve, REVIVAL_PAUSE_MS));
    }
    this.#revive = false;
  }
}
