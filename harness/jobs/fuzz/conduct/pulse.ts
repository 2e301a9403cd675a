import type { Random } from '../../../support/random';
import type { RunContext } from '../../../cases/conduct/capabilities';
import { checkLiveness } from '../../../cases/conduct/probe';

/** A good request that asks for the host's life is waited for longer than others, so that it need not be asked again alone. */
const PULSE_PATIENCE = 4;

/**
 * Whether a host lives, asked beside the cases: whoever wants to know while a question is under way shares the next one, as the one that is
 * under way was sent before. A host that keeps silent to many cases is so asked once for all of them.
 */
export class Pulse {
  #current: Promise<unknown> | null = null;
  #next: Promise<boolean> | null = null;

  /** @param ask sends a good request, and says whether it was answered in time; it does not throw */
  constructor(private readonly ask: () => Promise<boolean>) {}

  /** Whether the host answers a good request that is sent from now on. */
  check(): Promise<boolean> {
    if (this.#current === null) return this.#begin();
    return (this.#next ??= this.#current.then(() => {
      this.#next = null;
      return this.#begin();
    }));
  }

  #begin(): Promise<boolean> {
    const asked = this.ask().finally(() => {
      if (this.#current === asked) this.#current = null;
    });
    this.#current = asked;
    return asked;
  }
}

/** Whether the host answers one good request in time. */
export async function isAnswering(context: RunContext, random: Random): Promise<boolean> {
  const usualMs = context.patience?.usualMs ?? context.timeoutMs;
  const timeoutMs = Math.min(context.timeoutMs, PULSE_PATIENCE * usualMs);
  const askedAt = performance.now();
  const life = await checkLiveness({ ...context, patience: undefined, timeoutMs }, random, 1);
  if (life !== 'answers') return false;
  context.patience?.answered(performance.now() - askedAt);
  return true;
}
