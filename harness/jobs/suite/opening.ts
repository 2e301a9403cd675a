import type { Evidence } from '../../../reports/results/result';
import { CLIENT_THRESHOLD, HRESULT } from '../../../protocol';
import { HostFailure } from '../../client';
import { EvidenceRecorder } from '../../client/evidence';
import { countedRequest } from '../../model/counting-model';
import { placesFor } from '../../model/client-cache';
import { chooseProduct } from './choose-product';
import { office, server } from './host/machines';
import type { Reply } from './host/reply';
import type { RequestDriver } from './host/request-driver';
import { isNoHost, mayBeDead } from './precondition';
import type { Session } from './session';

/** Good requests at the beginning of which one must be answered. */
const OPENINGS = 2;

/** How the host took the good request at the beginning. */
export interface Opening {
  readonly state: 'answers' | 'unreachable';
  /** How it failed, whether it is alive or not; null where it answered. */
  readonly failure: HostFailure | null;
  readonly evidence: readonly Evidence[];
}

/** The beginning of a run: a good request, by which the products are found that the host grants. */
export class OpeningRequests {
  /** @param driver makes one whose connections `heard` hears */
  constructor(
    private readonly session: Session,
    private readonly driver: (heard: EvidenceRecorder) => RequestDriver,
    private readonly looksAtJourney: boolean,
  ) {}

  /** The good request at the beginning. */
  async run(): Promise<Opening> {
    for (let attempt = 1; ; attempt++) {
      const heard = new EvidenceRecorder();
      const failure = await this.#openOnce(heard);
      if (failure === null) return { state: 'answers', failure, evidence: [] };
      const evidence = heard.evidence();
      if (isNoHost(failure) || mayBeDead(failure, heard)) return { state: 'unreachable', failure, evidence };
      if (attempt === OPENINGS || failure.kind === 'timed-out')
        return { state: 'answers', failure, evidence };
    }
  }

  /** @returns how the host failed, null where it answered */
  async #openOnce(heard: EvidenceRecorder): Promise<HostFailure | null> {
    const host = this.driver(heard);
    try {
      if (await this.#beginsJourney(host)) return null;
      const first = await chooseProduct(host, 'client', this.session.regular);
      if (first !== null && this.#refusesUnsigned(first)) return null;
      if (first === null || this.session.options.target.keyGroup === undefined) {
        await chooseProduct(host, 'server', server());
      }
      if (!this.session.grants('client') && !this.session.grants('server')) {
        await chooseProduct(host, 'office', office());
      }
      return null;
    } catch (error) {
      if (error instanceof HostFailure) return error;
      throw error;
    } finally {
      await host.client.close();
    }
  }

  /**
   * On a host that cannot be emptied a server asks first: a client would make room for 50 at once, and what 10 places do could never be
   * seen. @returns true where that server was the first machine of all; a count of 0, which no host may answer, is not one more
   */
  async #beginsJourney(host: RequestDriver): Promise<boolean> {
    const { session } = this;
    const { controls } = session.options.target;
    if (!this.looksAtJourney || controls.reset !== undefined || controls.restart !== undefined) return false;
    const reply = await chooseProduct(host, 'server', session.firstServer);
    if (reply?.kind !== 'granted' || reply.count > 1) return false;
    const request = countedRequest(host.requestOf(session.firstServer, {}));
    session.possibleStates.reset();
    session.possibleStates.granted(request, 1);
    session.counts.emptied(placesFor(CLIENT_THRESHOLD));
    session.onJourney = true;
    return true;
  }

  /** What the opening asks of a host once nothing looks at its ten places any more. */
  async afterTenPlaces(): Promise<void> {
    if (!this.session.onJourney || this.session.hasChosen('client')) return;
    const host = this.driver(new EvidenceRecorder());
    try {
      await chooseProduct(host, 'client', this.session.regular);
    } finally {
      await host.client.close();
    }
  }

  /** A host may well refuse what is not signed, so that without its key nothing can be said of what it grants. */
  #refusesUnsigned(first: Reply): boolean {
    if (this.session.options.target.mac !== undefined) return false;
    if (first.kind !== 'refused' || first.status !== HRESULT.invalidData) return false;
    this.session.grantsNothing =
      'the host takes requests that are not signed for invalid: give the key of its MAC with --mac-key FILE';
    return true;
  }
}
