import type { Answer, KmsRequestInput } from '../../../protocol';
import { type FleetAnswer, type FleetGroup, type FleetHost, type FleetResult, runFleet } from '../../fleet';
import type { ProductKey } from '../../../protocol';
import type { Asker } from './asker';
import { client, server } from './machines';
import { inconclusive } from '../verdict';

/** Machines of a fleet that a scenario asks for: client or server systems, with the product that the host grants. */
export type LivingGroup = Omit<FleetGroup, 'name' | 'product'> & {
  readonly kind: 'client' | 'server';
  /** `kind` unless told, where a fleet has two groups of one kind. */
  readonly name?: string;
};

export interface LivedFleet extends FleetResult {
  /** Every answered request in the order of virtual time. */
  readonly answers: readonly FleetAnswer[];
}

/**
 * How far the host's clock may stay behind virtual time. It bears on the age of records only, of which nothing here
 * is closer than a day to its 30 days.
 */
const CLOCK_STEP_MS = 60 * 60 * 1000;

/**
 * Lets a fleet live against the host for so many virtual days, the host's clock set forward as they pass. Clients behave as
 * the guides say: they ask every 2 hours until they are activated, then every 7 days.
 * @param decides the answer after which nothing that is still to come can bear on the verdict: there the fleet's life ends
 * @throws Inconclusive where requests went unanswered, or the run was interrupted
 */
export async function liveFleet(
  host: Asker,
  groups: readonly LivingGroup[],
  days: number,
  decides: (answer: FleetAnswer) => boolean = () => false,
): Promise<LivedFleet> {
  const { session } = host;
  const answers: FleetAnswer[] = [];
  const decided = new AbortController();
  const result = await runFleet({
    groups: groups.map(({ kind, name = kind, ...group }) => ({
      ...group,
      name,
      product: productOf(host, kind),
    })),
    days,
    hosts: [fleetHost(host)],
    seed: host.random.uint32(),
    profile: session.options.target.profile,
    keyGroup: session.options.target.keyGroup,
    onAnswer: (answer) => {
      answers.push(answer);
      if (decides(answer)) decided.abort();
    },
    signal: AbortSignal.any([session.options.signal, decided.signal]),
  });
  if (session.options.signal.aborted) inconclusive('the run was interrupted while the fleet lived');
  const [{ failures, firstFailure }] = result.hosts as [FleetResult['hosts'][number]];
  if (failures > 0) inconclusive(`${failures} requests of the fleet got no answer: ${firstFailure}`);
  return { ...result, answers };
}

function productOf(host: Asker, kind: 'client' | 'server'): ProductKey {
  return host.session.productOf(kind === 'client' ? client() : server()).key;
}

function fleetHost(host: Asker): FleetHost {
  const { session } = host;
  return {
    asked: {
      name: 'the host',
      activate: (request) => answered(host, request),
      advanceClock: (seconds) => session.advanceClock(seconds),
      reset: null,
      restart: null,
    },
    time: {
      exact: false,
      settable: true,
      now: () => session.now(),
      reach: (timeMs) => {
        const behindMs = timeMs - session.now();
        return behindMs > CLOCK_STEP_MS ? session.advanceClock(Math.ceil(behindMs / 1000)) : null;
      },
    },
  };
}

async function answered(host: Asker, request: KmsRequestInput): Promise<Answer> {
  host.lastSent = `a request of a fleet (CMID ${request.clientMachineId}, N_Policy ${request.requiredClientCount})`;
  const exchange = await host.watched(() => host.client.activate(request));
  host.take(request, exchange);
  return exchange.answer!;
}
