import type { Needs } from '../harness/jobs/suite/needs';
import type { RequirementId } from './catalogue';
import type { HostUnderTest } from './host/host-under-test';
import { type Input, machines, requirement } from './requirement';

type Send = (host: HostUnderTest) => Promise<void>;

const kinds = new Map<string, Send>();

/**
 * Declares a requirement on hostile input: the host counts some machines, meets what `send` sends, and still serves and counts
 * as before. A host that forgets them shows.
 */
export function hostileInput(id: RequirementId, needs: Needs, send: Send): void {
  kinds.set(id, send);
  requirement(id, needs, async ({ host }) => {
    // On its journey the host counts some already, and has few places left.
    if (host.journey === null) await host.activateEach(machines(3));
    await send(host);
    await host.stillServes();
  });
}

/** As `hostileInput`, of requests none of which may be counted unless it is granted: a failure names those that were. */
export function hostileRequests(
  id: RequirementId,
  needs: Needs,
  inputsFor: (host: HostUnderTest) => readonly Input[],
): void {
  hostileInput(id, needs, (host) => host.uncounted(inputsFor(host)));
}

/** Every kind of hostile input that a scenario file declares, in the order of their ids. */
export const everyHostileInput = (): Send[] =>
  [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, send]) => send);
