import { ControlFailure } from '../../target';
import type { Liveness } from './host/liveness';
import type { Session } from './session';

/** What a service that was restarted may need before it answers: waits between good requests, in ms. */
const PATIENCE_MS = [0, 250, 1000, 3000];

/**
 * A host that dies is restarted where there is a control for it, and the run goes on in its next life. What was under way
 * ends with the life that it began in.
 */
export class Lives {
  /** Why the host is taken for dead for good; null while it is not. */
  died: string | null = null;
  #life = new AbortController();
  #restarting: Promise<void> | null = null;

  constructor(
    private readonly session: Session,
    private readonly liveness: Liveness,
  ) {}

  /** Aborted when the life ends that the host lives now; waits for a restart that is under way. */
  async current(): Promise<AbortSignal> {
    await this.#restarting;
    return this.#life.signal;
  }

  /** Whether the host can be brought back at all. */
  get canRestart(): boolean {
    return this.session.options.target.controls.restart !== undefined;
  }

  /** The host is dead: ends its life and begins the next, once for all who notice. @param why completes "the host died: …" */
  end(why: string): Promise<void> {
    this.#restarting ??= this.#restart(why).finally(() => {
      this.#restarting = null;
    });
    return this.#restarting;
  }

  async #restart(why: string): Promise<void> {
    this.#life.abort();
    const problem = this.canRestart ? await this.#revive() : '';
    if (problem !== null) {
      this.died = `${why}${problem}`;
      return;
    }
    this.session.possibleStates.forget();
    this.#life = new AbortController();
  }

  /** @returns why the host did not come back; null where it did */
  async #revive(): Promise<string | null> {
    try {
      const { pace, options } = this.session;
      await pace.control('restart', () => options.target.controls.restart!());
    } catch (error) {
      if (error instanceof ControlFailure) return `, and ${error.message}`;
      throw error;
    }
    for (const waitMs of PATIENCE_MS) {
      if (this.session.options.signal.aborted) break;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (await this.liveness.ask()) return null;
    }
    return ', and answered nothing after it was restarted';
  }
}
