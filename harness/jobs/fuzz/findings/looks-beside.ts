import type { Incident, Investigation, InvestigationContext } from './investigation';
import { NotBeside } from './not-beside';

/** Incidents that wait to be looked at beside the cases: of further ones, none are. */
const MAX_WAITING = 16;

/** Looks at what cases met while others go on, at one after the other. */
export class LooksBeside {
  #looks: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** @param toLookAtAlone takes what cannot be looked at beside the cases after all */
  constructor(
    private readonly investigation: Investigation,
    private readonly toLookAtAlone: (incident: Incident) => void,
  ) {}

  /** All that waits is looked at. @throws TargetDied where the host is gone for good */
  get done(): Promise<void> {
    return this.#looks;
  }

  add(incident: Incident, at: InvestigationContext): void {
    if (this.#waiting >= MAX_WAITING) return;
    this.#waiting++;
    this.#looks = this.#looks.then(() => this.#look(incident, at));
    // Whoever waits for it is told what went wrong.
    this.#looks.catch(() => {});
  }

  async #look(incident: Incident, at: InvestigationContext): Promise<void> {
    try {
      await this.investigation.look([incident], at);
    } catch (error) {
      if (!(error instanceof NotBeside)) throw error;
      this.toLookAtAlone(incident);
    } finally {
      this.#waiting--;
    }
  }
}
