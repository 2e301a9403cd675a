import { NIL_GUID } from '../../../protocol';
import type { Random } from '../../random';
import type { TargetControls } from '../../target';
import { type RunContext, WINDOWS } from '../conduct/capabilities';
import type { FuzzCase } from '../case';
import { CaseCount } from '../judge/case-count';
import { CoverageTable } from '../judge/coverage';
import { LeakWatch } from '../judge/leak-watch';
import { type Life, lifeOf } from '../conduct/probe';
import { runCase } from '../conduct/run-case';
import { groupOf, type Violation, violation } from '../judge/violation';

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

/** What depends on segments must show every time, on a host that is busy too. */
const SEGMENT_PAUSE_MS = 5;

export const DEATH = violation('alive', 'the host dies', 'a good request is answered', 'nobody listens');
export const HANG = violation('in-time', 'the host hangs', 'a good request is answered', 'silence');
export const SLOWNESS = violation('in-time', 'the host is slow', 'an answer in time', 'a late answer');

const GROUPS_OF_LIFE = [DEATH, HANG, SLOWNESS].map(groupOf);

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

/** A restart that takes longer is left out between tries. */
const SLOW_RESTART_MS = 100;

/** Hexadecimal digits of a GUID, but for its first and its last group: there cases make machines alike. */
const MASKED_DIGITS = [9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22];

/** Another machine, which stands to others as the one did: equal where equal, different in the same places. */
function masked(machine: string, mask: Uint8Array): string {
  if (machine === NIL_GUID) return machine;
  const digits = [...machine];
  for (const [i, at] of MASKED_DIGITS.entries()) {
    digits[at] = (Number.parseInt(digits[at]!, 16) ^ (mask[i]! & 0xf)).toString(16);
  }
  return digits.join('');
}

export interface ReproduceOptions {
  /** Even where nothing hints at the host's death. */
  readonly looksAtLife?: boolean;
  /** Whether to give up waiting for the host. */
  readonly stopped?: () => boolean;
}

const never = (): boolean => false;

/**
 * Runs cases alone, one after the other, and says what they show. The applications are new each time, so that it does not matter what the
 * host has counted before; the machines are those of the cases.
 */
export class Reproducer {
  #revive = false;
  #isRestartSlow = false;

  /** @param exclusive nobody else uses the target, so that it may be restarted between tries */
  private readonly context: RunContext;

  constructor(
    context: RunContext,
    private readonly controls: TargetControls,
    private readonly random: Random,
    private readonly exclusive: boolean,
  ) {
    this.context = { ...context, segmentPauseMs: SEGMENT_PAUSE_MS };
  }

  /** All that went wrong, the host's death or silence included. */
  async violationsOf(
    cases: readonly FuzzCase[],
    { looksAtLife = false, stopped = never }: ReproduceOptions = {},
  ): Promise<readonly Violation[]> {
    await this.#makeReady(stopped);
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
    for (const one of this.#afresh(cases)) {
      const result = await runCase(one, shared === undefined ? tools : { ...tools, count: shared });
      found.push(...result.violations);
      suspicious ||= result.suspicious || result.unreachable;
      if (result.unreachable) break;
    }
    if (!suspicious && !looksAtLife) return found;
    const life = violationOfLife(await lifeOf(this.context, this.random, 1));
    if (life === null) return found;
    this.#revive = life !== SLOWNESS;
    // What a dead host did not answer is no finding of its own.
    return [life];
  }

  async shows(cases: readonly FuzzCase[], group: string, stopped = never): Promise<boolean> {
    const looksAtLife = GROUPS_OF_LIFE.includes(group);
    const violations = await this.violationsOf(cases, { looksAtLife, stopped });
    return violations.some((found) => groupOf(found) === group);
  }

  /** With applications, machines and names that the host has not met: what they have in common stays. */
  #afresh(cases: readonly FuzzCase[]): readonly FuzzCase[] {
    const { grantsAnyApplication } = this.context.capabilities;
    const mask = this.random.bytes(MASKED_DIGITS.length);
    const canaryMask = this.random.uint32();
    return cases.map((one) => ({
      ...one,
      applications: grantsAnyApplication ? [this.random.guid(), this.random.guid()] : [WINDOWS, WINDOWS],
      machines: one.machines.map((machine) => masked(machine, mask)),
      canary: (one.canary ^ canaryMask) >>> 0,
    }));
  }

  /** A host that is quickly restarted is, so that no try leaves anything to the next. */
  async #makeReady(stopped: () => boolean): Promise<void> {
    if (this.#revive) return this.revive(stopped);
    if (!this.exclusive || this.controls.restart === undefined || this.#isRestartSlow) return;
    const startedAt = performance.now();
    await this.controls.restart();
    this.#isRestartSlow = performance.now() - startedAt > SLOW_RESTART_MS;
  }

  /**
   * Brings the host back by its control, or waits for somebody else to.
   * @throws TargetDied where it does not come back
   */
  async revive(stopped = never): Promise<void> {
    await this.controls.restart?.();
    const deadline = performance.now() + REVIVAL_MS;
    while ((await lifeOf(this.context, this.random, 1)) !== 'answers') {
      if (performance.now() > deadline || stopped()) {
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
