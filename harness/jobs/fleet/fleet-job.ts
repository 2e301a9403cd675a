import type { KeyGroupSetting, KmsRequestInput } from '../../../protocol';
import type { JobEnd, JobOutcome } from '../../../reports/results/job-outcome';
import type { Fleet } from '../../../reports/results/model';
import { machineRequest } from '../../model/machine-request';
import type { Profile } from '../../model/profile';
import { Random } from '../../support/random';
import { UsageError } from '../../support/usage-error';
import type { Target, TargetDescription } from '../../target';
import { connectTarget } from '../../target/connect-target';
import { type InitialState, initialStateOf, type PreparedTarget } from '../../target/initial-state';
import { controlledFleetHost, type FleetHost, inProcessFleetHost, modelHost } from './fleet-host';
import type { FleetGroup, FleetHostPlan } from './plan';
import type { FleetAnswer, FleetResult } from './result';
import { fleetSection } from './section';
import { FLEET_EPOCH_MS, simulateFleet } from './simulate-fleet';
import { judgeFleet } from './verdict';

/** A fleet and its hosts. Times are virtual. */
export interface FleetPlan {
  readonly days: number;
  readonly groups: readonly FleetGroup[];
  /** One for each host; over TCP there is one. */
  readonly hosts: readonly FleetHostPlan[];
  readonly seed: number;
}

/** Hosts in this process, whose clocks are virtual: lab hosts, or the bare counting model. */
export interface InProcessSite {
  readonly inProcess: 'lab' | 'model';
  readonly profile: Profile;
  /** `any` unless told. */
  readonly keyGroup?: KeyGroupSetting | undefined;
}

/** How a fleet asks a host over TCP, who hears of it, and what ends it. */
export interface FleetJobOptions {
  /** Over TCP: how far the host's clock may stay behind virtual time; 10 minutes unless told. */
  readonly stepMs?: number;
  /** Over TCP: one connection for all requests. */
  readonly keep?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told every answered request with its exchange. */
  readonly onAnswer?: (answer: FleetAnswer) => void;
  /** Told the virtual hour now and then. */
  readonly onProgress?: (hour: number) => void;
}

/** What a fleet at a host came to, beside its twin at the model. */
export interface FleetJobOutcome extends JobOutcome {
  readonly sections: { readonly fleet: Fleet };
  readonly result: FleetResult;
  /** The same fleet at hosts that count as the model does: what was to be expected. */
  readonly twin: FleetResult;
}

/** Requests without an answer, one after the other, that tell a dead host from one that has lost some. */
const GIVE_UP_AFTER = 10;
const USUAL_STEP_MS = 600_000;

/**
 * Simulates a fleet in virtual time and judges every count by the model (result FLEET, section `fleet`). A count that is wrong, a
 * refusal of what is to be granted and a request without an answer fail it, with the exchange as evidence.
 * @throws UsageError for a plan that no fleet can be; ControlFailure
 */
export async function runFleet(
  plan: FleetPlan,
  site: PreparedTarget | InProcessSite,
  options: FleetJobOptions = {},
): Promise<FleetJobOutcome> {
  if ('inProcess' in site) {
    const { profile, keyGroup = 'any' } = site;
    return simulate({ plan, options, profile, keyGroup, hosts: hostsOf(plan, site), initialState: FRESH });
  }
  if (plan.hosts.length > 1) throw new UsageError('several hosts are simulated in this process only');
  const { target, observer } = site;
  const asked = connectTarget(target, { keep: options.keep === true, observer });
  try {
    const hosts = [controlledFleetHost(asked, options.stepMs ?? USUAL_STEP_MS, plan.hosts[0])];
    const { profile, keyGroup } = target;
    return await simulate({ plan, options, profile, keyGroup, hosts, initialState: initialStateOf(site) });
  } finally {
    await asked.close();
  }
}

/** Hosts of this process as a report describes them. */
export const describeSite = ({ inProcess, profile }: InProcessSite): TargetDescription => ({
  address: inProcess === 'model' ? 'counting model' : 'lab host in process',
  embedded: true,
  profile: profile.name,
  controls: ['clock'],
});

/** What the first machines of a fleet are going to ask; null for an empty fleet. */
export function exampleOfFleet(
  { groups: [group], seed }: FleetPlan,
  { clock }: Target,
): KmsRequestInput | null {
  return group === undefined
    ? null
    : machineRequest({ product: group.product, random: new Random(seed), clock });
}

const FRESH: InitialState = { isFresh: true, problem: null };

function hostsOf({ hosts }: FleetPlan, { inProcess, profile, keyGroup = 'any' }: InProcessSite): FleetHost[] {
  return hosts.map((each) =>
    inProcess === 'model'
      ? modelHost(profile, FLEET_EPOCH_MS, each, keyGroup)
      : inProcessFleetHost({ profile, keyGroup }, FLEET_EPOCH_MS, each),
  );
}

interface Simulated {
  readonly plan: FleetPlan;
  readonly options: FleetJobOptions;
  readonly hosts: readonly FleetHost[];
  readonly profile: Profile;
  readonly keyGroup: KeyGroupSetting | undefined;
  readonly initialState: InitialState;
}

async function simulate(given: Simulated): Promise<FleetJobOutcome> {
  const { plan, hosts, profile, keyGroup, initialState } = given;
  const { signal, onAnswer, onProgress } = given.options;
  const { groups, days, seed } = plan;
  const common = { groups, days, seed, profile, keyGroup, ...(signal === undefined ? {} : { signal }) };
  const result = await simulateFleet({
    ...common,
    hosts,
    ...(onAnswer === undefined ? {} : { onAnswer }),
    ...(onProgress === undefined ? {} : { onProgress }),
    giveUpAfter: GIVE_UP_AFTER,
  });
  const isModel = hosts[0]!.asked.name === 'counting model';
  const twin = isModel
    ? result
    : await simulateFleet({
        ...common,
        hosts: plan.hosts.map((each) => modelHost(profile, FLEET_EPOCH_MS, each, keyGroup)),
      });
  const interrupted = signal?.aborted === true;
  return {
    results: [judgeFleet(result, twin, { ...initialState, interrupted })],
    sections: { fleet: fleetSection(result) },
    ended: endOf(result, interrupted),
    result,
    twin,
  };
}

function endOf(result: FleetResult, interrupted: boolean): JobEnd | undefined {
  if (result.endedAtHour !== null && interrupted) {
    return { how: 'interrupted', message: `at virtual hour ${result.endedAtHour.toFixed(1)}` };
  }
  const [lost] = result.hosts.filter((host) => host.lost);
  if (lost === undefined || result.hosts.some((host) => host.requests > 0 && !host.lost)) return undefined;
  const how = lost.requests === lost.failures ? 'target-unreachable' : 'target-died';
  return { how, message: lost.firstFailure! };
}
