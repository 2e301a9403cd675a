import { HostFailure } from '../../client';
import type { RequestDriver } from './host/request-driver';
import type { Session } from './session';
import { Inconclusive } from './verdict';

/** Learns what an answer costs, from a machine that the host knows: that changes no count. */
export async function measurePace(session: Session, host: RequestDriver): Promise<void> {
  const { pace, onJourney, firstServer, regular, grantsNothing } = session;
  if (grantsNothing !== null) return;
  const known = onJourney && !session.hasChosen('client') ? firstServer : regular;
  try {
    await pace.measure(() => host.ask(known));
  } catch (error) {
    // What a scenario meets again is told there.
    if (!(error instanceof HostFailure) && !(error instanceof Inconclusive)) throw error;
  } finally {
    await host.client.close();
  }
}
