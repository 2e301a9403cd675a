import { HRESULT, type KeyGroupSetting } from '../../../protocol';
import type { HostClient } from '../../client/host-client';
import { type Clock, systemClock } from '../../support/clock';
import { countedRequest, CountingModel } from '../../model/counting-model';
import { decideGrant } from '../../model/decide-grant';
import type { Profile } from '../../model/profile';
import { createInProcessHost, type LabHostOptions } from '../../lab-host';
import { connectInProcess } from '../../lab-host/ask-in-process';
import type { FleetHostPlan } from './plan';

/** The time of a host during a run in virtual time. */
export interface HostTime {
  /** The host's clock as far as is known, ms since 1970. */
  now(): number;
  /** Brings the host's clock to `timeMs` or beyond, if that can be done; null where nothing has to be. */
  reach(timeMs: number): Promise<void> | null;
  /** True where the host's clock is exactly ours, so that no count is a matter of seconds. */
  readonly exact: boolean;
  /** False where the host's clock goes its own way. */
  readonly settable: boolean;
}

/** A host that a fleet asks, where it stands in DNS, and how its time is moved. */
export interface FleetHost extends FleetHostPlan {
  readonly asked: HostClient;
  readonly time: HostTime;
}

/** A clock that a simulation sets, exactly. */
export class SimulatedClock implements Clock, HostTime {
  readonly exact = true;
  readonly settable = true;

  constructor(private nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  reach(timeMs: number): null {
    if (timeMs > this.nowMs) this.nowMs = timeMs;
    return null;
  }
}

/**
 * The clock of a host that runs by itself and can be set forward. It is brought along in steps: a command line for every
 * request would take longer than the requests.
 */
export class ControlledTime implements HostTime {
  readonly exact = false;
  readonly settable: boolean;
  #aheadMs = 0;

  /** @param stepMs how far it may stay behind virtual time */
  constructor(
    private readonly host: HostClient,
    private readonly stepMs: number,
    private readonly clock: Clock = systemClock,
  ) {
    this.settable = host.advanceClock !== null;
  }

  now(): number {
    return this.clock.now() + this.#aheadMs;
  }

  reach(timeMs: number): Promise<void> | null {
    const behindMs = timeMs - this.now();
    if (behindMs <= this.stepMs || !this.settable) return null;
    return this.#advance(Math.ceil(behindMs / 1000));
  }

  async #advance(seconds: number): Promise<void> {
    await this.host.advanceClock!(seconds);
    this.#aheadMs += seconds * 1000;
  }
}

/**
 * The bare counting model as a host: nothing is encoded. What a conforming host makes of a fleet, and the quickest.
 * @param keyGroup of the host: it refuses products beyond it
 */
export function modelHost(
  profile: Profile,
  startMs: number,
  plan: FleetHostPlan = {},
  keyGroup: KeyGroupSetting = 'any',
): FleetHost {
  const time = new SimulatedClock(startMs);
  const model = new CountingModel(profile);
  return { ...plan, time, asked: askModel(model, time, profile, keyGroup) };
}

/** A lab host in this process, in virtual time: every request is encoded, decided, signed and decoded. */
export function inProcessFleetHost(
  options: Omit<LabHostOptions, 'clock'>,
  startMs: number,
  plan: FleetHostPlan = {},
): FleetHost {
  const time = new SimulatedClock(startMs);
  const host = createInProcessHost({ ...options, clock: time });
  return { ...plan, time, asked: { ...connectInProcess(host), advanceClock: null } };
}

/** A target whose clock its controls set; it starts at the time that it has. */
export function controlledFleetHost(asked: HostClient, stepMs: number, plan: FleetHostPlan = {}): FleetHost {
  return { ...plan, asked, time: new ControlledTime(asked, stepMs) };
}

const NO_BYTES = new Uint8Array(0);

function askModel(
  model: CountingModel,
  time: SimulatedClock,
  profile: Profile,
  keyGroup: KeyGroupSetting,
): HostClient {
  return {
    name: 'counting model',
    activate: (request) => {
      const hresult = decideGrant(request, keyGroup);
      if (hresult !== HRESULT.ok) return Promise.resolve({ answer: { kind: 'refusal', hresult } });
      const currentClientCount = model.grant(countedRequest(request), time.now());
      const value = {
        minorVersion: 0,
        majorVersion: 4,
        ePidSize: 2,
        ePid: '',
        clientMachineId: request.clientMachineId,
        requestTime: request.requestTime,
        currentClientCount,
        activationIntervalMinutes: 120,
        renewalIntervalMinutes: 10_080,
        mac: NO_BYTES,
      };
      return Promise.resolve({ answer: { kind: 'response', bytes: NO_BYTES, value } });
    },
    advanceClock: null,
    reset: () => Promise.resolve(model.reset()),
    restart: () => Promise.resolve(model.restart()),
  };
}
