import type { KeyGroupSetting, Mac } from '../protocol';
import type { ScenarioRun } from '../harness/jobs/suite/scenario-run';
import type { Budgets, Intervals } from '../harness/jobs/suite/session';
import type { Profile } from '../harness/model/profile';
import { HostUnderTest } from './host/host-under-test';

/** What a scenario gets. */
export interface ScenarioContext {
  readonly host: HostUnderTest;
  readonly profile: Profile;
  /** The host's key group, where the configuration names it. */
  readonly keyGroup: KeyGroupSetting | undefined;
  readonly grantsAny: boolean;
  readonly budgets: Budgets;
  readonly intervals: Intervals;
  /** Verifies MACs; undefined without a key. */
  readonly mac: Mac | undefined;
  /** Tells what was seen and does not decide the outcome. */
  readonly note: (text: string) => void;
}

/** The context of one run of a scenario. */
export function contextOf({ driver, note }: ScenarioRun): ScenarioContext {
  const { target, budgets = {}, intervals = {}, grantsAny = false } = driver.session.options;
  const { profile, keyGroup, mac } = target;
  return { host: new HostUnderTest(driver), profile, keyGroup, grantsAny, budgets, intervals, mac, note };
}
