import {
  type FleetAnswer,
  type FleetGroup,
  type FleetHost,
  type FleetResult,
  simulateFleet,
} from '../../harness/jobs/fleet';
import { HOUR_MS } from '../../harness/model/client-state';
import { client, server } from '../../harness/jobs/suite/host/machines';
import { NotGranted, type NotGrantedReply, type Reply } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { inconclusive } from '../../harness/jobs/suite/verdict';
import type { ProductKey } from '../../protocol';
import { FleetConnections } from './fleet-connections';

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
 * How far the host's clock may stay behind virtual time: steps that nobody needs are merged. It bears on the age of records, of which nothing
 * here is closer than a day to its 30 days, and on hosts that refuse clients whose clock is 4 hours off.
 */
const CLOCK_STEP_MS = 3 * HOUR_MS;
/** Machines that are due within the same hour ask together. */
const SPAN_MS = HOUR_MS;
const AT_ONCE = 32;

/** How many times the requests of a fleet that renews weekly a host may make it send before its life is given up. */
const PATIENCE = 2;

/** Machines that live for months. */
export class FleetWords {
  constructor(private readonly driver: RequestDriver) {}

  /**
   * Lets a fleet live against the host for so many virtual days, the host's clock set forward as they pass. Clients behave
   * as the guides say: they ask every 2 hours until they are activated, then every 7 days. Those that are due within an hour ask at its end, at the
   * same time: their answers have the same hour, and no order.
   * @param decides the answer after which nothing that is still to come can bear on the verdict: there the fleet's life ends
   * @throws NotGranted where an answer is no count: no machine of the fleet can live by it
   * @throws Inconclusive where requests went unanswered, the host makes the fleet ask far more often than it should, or the run was interrupted
   */
  async live(
    groups: readonly LivingGroup[],
    days: number,
    decides: (answer: FleetAnswer) => boolean = () => false,
  ): Promise<LivedFleet> {
    const { driver } = this;
    const { signal, target } = driver.session.options;
    const answers: FleetAnswer[] = [];
    const decided = new AbortController();
    const connections = new FleetConnections(driver.client);
    let isTooOften = false;
    let useless: NotGrantedReply | null = null;
    // One answer that is none is enough: the verdict is that of a fleet all of whose requests were answered.
    const onReply = (reply: Reply | null): void => {
      if (reply?.kind === 'granted') return;
      useless ??= reply;
      decided.abort();
    };
    // What hundreds that asked at the same time leave behind is looked at by nothing.
    driver.session.possibleStates.forget();
    const result = await simulateFleet({
      groups: groups.map(({ kind, name = kind, ...group }) => ({
        ...group,
        name,
        product: productOf(driver, kind),
      })),
      days,
      hosts: [fleetHost(driver, connections, onReply)],
      seed: driver.random.uint32(),
      profile: target.profile,
      keyGroup: target.keyGroup,
      onAnswer: (answer) => {
        answers.push(answer);
        isTooOften ||= answers.length > PATIENCE * requestsOf(groups, answer.hour, driver);
        if (decides(answer) || isTooOften) decided.abort();
      },
      together: { spanMs: SPAN_MS, atOnce: Math.min(AT_ONCE, driver.session.pace.atOnce) },
      signal: AbortSignal.any([signal, decided.signal]),
    }).finally(() => connections.close());
    if (signal.aborted) inconclusive('the run was interrupted while the fleet lived');
    if (useless !== null) throw new NotGranted(useless);
    if (isTooOften) {
      inconclusive(
        `the host makes the fleet ask too often to live for ${days} days: ${answers.length} requests in ${Math.ceil(answers.at(-1)!.hour)} hours (see TIME-02 and TIME-03)`,
      );
    }
    const [{ failures, firstFailure }] = result.hosts as [FleetResult['hosts'][number]];
    if (failures > 0) inconclusive(`${failures} requests of the fleet got no answer: ${firstFailure}`);
    return { ...result, answers };
  }
}

function productOf(driver: RequestDriver, kind: 'client' | 'server'): ProductKey {
  return driver.session.productOf(kind === 'client' ? client() : server()).key;
}

/** How often a fleet asks in its first hours that tries every 2 hours on its first day, and then renews weekly, by the intervals that the host was told. */
function requestsOf(
  groups: readonly LivingGroup[],
  hours: number,
  { session: { options } }: RequestDriver,
): number {
  const { activationMinutes = 120, renewalMinutes = 10_080 } = options.intervals ?? {};
  const each = (Math.min(hours, 24) * 60) / activationMinutes + (hours * 60) / renewalMinutes + 1;
  return groups.reduce((sum, { count }) => sum + count, 0) * each;
}

function fleetHost(
  driver: RequestDriver,
  connections: FleetConnections,
  onReply: (reply: Reply | null) => void,
): FleetHost {
  const { session } = driver;
  return {
    asked: {
      name: 'the host',
      activate: async (request) => {
        driver.lastSent = `a request of a fleet (CMID ${request.clientMachineId}, N_Policy ${request.requiredClientCount})`;
        session.counts.asking(request.requiredClientCount);
        try {
          const exchange = await driver.watched(() => connections.activate(request));
          onReply(driver.takeUnordered(exchange));
          return { answer: exchange.answer!, exchange };
        } catch (error) {
          onReply(null);
          throw error;
        }
      },
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
