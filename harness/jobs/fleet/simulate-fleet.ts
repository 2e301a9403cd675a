import type { KeyGroupSetting } from '../../../protocol';
import type { Profile } from '../../model/profile';
import { Random } from '../../support/random';
import { DAY_MS, HOUR_MS } from '../../model/client-state';
import { ExchangeWindow } from '../../client/exchange-window';
import { Draws } from './draws';
import type { FleetHost } from './fleet-host';
import { HostLedger } from './host-ledger';
import { type FleetMachine, makeMachines } from './machine';
import { checkPlan, type FleetGroup } from './plan';
import { FleetRecorder, usualSampleHours } from './recorder';
import type { FleetAnswer, FleetResult, MachineSummary } from './result';
import { Simulation } from './simulation';

/** 2026-01-01: where virtual time starts for hosts whose clock is ours. Any other would do as well. */
export const FLEET_EPOCH_MS = Date.UTC(2026, 0, 1);

/** A fleet, its hosts, how many virtual days, and who hears of its answers. */
export interface SimulateFleetOptions {
  readonly groups: readonly FleetGroup[];
  readonly days: number;
  /** Each client's discovery finds all of them. See `modelHost`, `inProcessFleetHost`, `controlledFleetHost`. */
  readonly hosts: readonly FleetHost[];
  readonly seed: number;
  readonly profile: Profile;
  /**
   * Products beyond it the hosts must refuse, all others they must grant. Where it is not told, all must be granted, but a refusal with
   * 0xC004F042 proves nothing.
   */
  readonly keyGroup?: KeyGroupSetting | undefined;
  /** Virtual hours between two samples; about 400 samples unless told. */
  readonly sampleHours?: number;
  /** Told every answered request. */
  readonly onAnswer?: (answer: FleetAnswer) => void;
  /** Told the virtual hour now and then. */
  readonly onProgress?: (hour: number) => void;
  readonly signal?: AbortSignal;
  /**
   * Machines that are to ask within one span of virtual time ask at its end, at the same time, so many at once: then no order of the counts
   * is known, and differences from the model mean nothing.
   */
  readonly together?: { readonly spanMs: number; readonly atOnce: number } | undefined;
  /** Ends the run once every host left so many requests in a row without an answer; never unless told. */
  readonly giveUpAfter?: number | undefined;
}

/** How many events go by between two looks at the signal and the progress. */
const EVENTS_BETWEEN_LOOKS = 2000;

/**
 * Simulates a fleet of KMS clients (host-model: "The client") in virtual time against hosts. The same seed gives the same run as
 * long as the hosts answer the same.
 * @throws UsageError for a plan that no fleet can be; ControlFailure where a host's clock cannot be set after all
 */
export async function simulateFleet(options: SimulateFleetOptions): Promise<FleetResult> {
  const { groups, days, hosts, seed, profile, keyGroup } = options;
  checkPlan(groups, days, hosts);
  const startMs = Math.max(...hosts.map(({ time }) => time.now()));
  const endMs = startMs + days * DAY_MS;
  const random = new Random(seed).fork('fleet');
  const draws = new Draws(random.uint32());
  const machines = makeMachines(groups, profile, startMs, random, draws);
  const window = new ExchangeWindow();
  const ledgers = hosts.map((host) => new HostLedger(host, profile, startMs, keyGroup, window));
  const everyMs = (options.sampleHours ?? usualSampleHours(days)) * HOUR_MS;
  const recorder = new FleetRecorder(startMs, endMs, everyMs, machines.length);
  const simulation = new Simulation({
    machines,
    ledgers,
    recorder,
    window,
    random,
    draws,
    startMs,
    endMs,
    heedsPriority: profile.discoveryUsesPriorityAndWeight,
    spanMs: options.together?.spanMs ?? 0,
    onAnswer: options.onAnswer,
  });
  const endedMs = await play(simulation, ledgers, recorder, startMs, options);
  if (endedMs === null) recorder.advance(Infinity);
  const hour = (ms: number): number => (ms - startMs) / HOUR_MS;
  const summaries = machines.map((machine) => summarise(machine, hour));
  const activations = summaries.flatMap(({ activatedHour }) =>
    activatedHour === null ? [] : [activatedHour],
  );
  return {
    seed,
    days,
    clients: machines.length,
    profile: profile.name,
    hosts: ledgers.map((ledger) => ledger.summary()),
    samples: recorder.samples,
    requestsPerHour: recorder.requestsPerHour,
    requests: ledgers.reduce((sum, ledger) => sum + ledger.summary().requests, 0),
    machines: summaries,
    activated: activations.length,
    neverActivated: machines.length - activations.length,
    firstActivationHour: extreme(activations, (a, b) => a < b),
    lastActivationHour: extreme(activations, (a, b) => a > b),
    differences: simulation.differences,
    conclusiveDifferences: simulation.conclusiveDifferences,
    firstDifference: simulation.firstDifference,
    evidence: window.evidence(),
    notShown: notShown(hosts, days),
    endedAtHour: endedMs === null ? null : hour(endedMs),
  };
}

/** @returns when it was interrupted or given up, or null where it went to its end */
async function play(
  simulation: Simulation,
  ledgers: readonly HostLedger[],
  recorder: FleetRecorder,
  startMs: number,
  { signal, onProgress, together, giveUpAfter = Infinity }: SimulateFleetOptions,
): Promise<number | null> {
  let untilLook = EVENTS_BETWEEN_LOOKS;
  for (let nowMs = simulation.nextMs; nowMs !== Infinity; nowMs = simulation.nextMs) {
    recorder.advance(nowMs);
    const asking = together === undefined ? simulation.step() : simulation.stepTogether(together.atOnce);
    try {
      if (asking !== null) await asking;
    } catch (error) {
      // A control that was under way is cut off by the interruption itself; what was done before it stands.
      if (signal?.aborted !== true) throw error;
    }
    if (signal?.aborted) return nowMs;
    if (ledgers.every(({ failuresInARow }) => failuresInARow >= giveUpAfter)) return nowMs;
    if (--untilLook > 0) continue;
    untilLook = EVENTS_BETWEEN_LOOKS;
    onProgress?.((nowMs - startMs) / HOUR_MS);
    // Hosts in this process answer without leaving it: let signals and timers have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return null;
}

function summarise(machine: FleetMachine, hour: (ms: number) => number): MachineSummary {
  const { firstAskedMs, activatedMs, group } = machine;
  return {
    name: machine.name,
    kind: group.plan.name,
    requiredClientCount: group.product.requiredClientCount,
    arrivedHour: hour(machine.arrivesMs),
    firstAskedHour: firstAskedMs === null ? null : hour(firstAskedMs),
    activatedHour: activatedMs === null ? null : hour(activatedMs),
    requests: machine.requests,
    unanswered: machine.unanswered,
    lapses: machine.lapses,
    licence: machine.licence,
  };
}

/** `Math.min` of a hundred thousand arguments overflows the stack. */
function extreme(values: readonly number[], better: (a: number, b: number) => boolean): number | null {
  return values.reduce<number | null>(
    (best, value) => (best === null || better(value, best) ? value : best),
    null,
  );
}

function notShown(hosts: readonly FleetHost[], days: number): string[] {
  return hosts
    .filter(({ time }) => !time.settable)
    .map(
      ({ asked }) =>
        `${asked.name}: the harness cannot set its clock (controls.advanceClock), so that for it all ${days} days pass at once; that records leave after 30 days is not shown`,
    );
}
