import { formatDuration } from '../../support/duration';
import type { Random } from '../../support/random';
import type { TargetControls } from '../../target';
import type { RunContext } from './capabilities';
import { checkLiveness } from './probe';

/** The target cannot be brought back to life: what is done to it ends here. */
export class TargetDied extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TargetDied';
  }
}

/** How a host that is gone is waited for. */
export interface Revival {
  /** How long at most. */
  readonly withinMs: number;
  /** One that took longer to come back by itself was started by a person: it is not killed again for the sake of a shorter form. */
  readonly quickMs: number;
  /** Hears that somebody waits, and that the host is back. */
  readonly tell?: ((text: string) => void) | undefined;
}

export const USUAL_REVIVAL: Revival = { withinMs: 30_000, quickMs: 5000 };
const REVIVAL_PAUSE_MS = 250;

/** A host that may be dead, and what can be done about it. */
export interface Patient {
  readonly context: RunContext;
  readonly controls: TargetControls;
  readonly random: Random;
  /** What to do where nobody restarts it in time. */
  readonly advice?: string;
}

/**
 * Brings a host back by its control, or waits for somebody else to.
 * @returns how long that took behind the control, in ms
 * @throws TargetDied where it does not come back
 */
export async function revive(
  { context, controls, random, advice = '' }: Patient,
  { withinMs, tell }: Revival,
  stopped: () => boolean,
): Promise<number> {
  const isAlone = controls.restart === undefined;
  await controls.restart?.();
  const startedAt = performance.now();
  let isTold = false;
  while ((await checkLiveness(context, random, 1)) !== 'answers') {
    if (performance.now() - startedAt > withinMs || stopped()) throw notBack(withinMs, isAlone, advice);
    if (isAlone && !isTold)
      tell?.(`the host is gone: start it again, it is waited for up to ${formatDuration(withinMs / 1000)}`);
    isTold = isAlone;
    await new Promise((resolve) => setTimeout(resolve, REVIVAL_PAUSE_MS));
  }
  if (isTold) tell?.('the host is back');
  return performance.now() - startedAt;
}

function notBack(withinMs: number, isAlone: boolean, advice: string): TargetDied {
  const why = isAlone ? `, and there is no control to restart it${advice}` : ' after its restart control';
  return new TargetDied(`the host did not come back within ${formatDuration(withinMs / 1000)}${why}`);
}
