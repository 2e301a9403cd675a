import type { KeyGroupSetting, Mac } from '../../protocol';
import type { Profile } from '../model/profile';
import type { DomainSurvey } from './host/domain-survey';
import type { HostUnderTest } from './host/host-under-test';
import type { Budgets, Intervals } from './session';

/** What a scenario gets. */
export interface ScenarioContext {
  readonly host: HostUnderTest;
  readonly profile: Profile;
  /** The host's key group, where the configuration names it. */
  readonly keyGroup: KeyGroupSetting | undefined;
  readonly grantsAny: boolean;
  readonly budgets: Budgets;
  readonly intervals: Intervals;
  /** The domains that the configuration names; a scenario that looks at them needs `domain`. */
  readonly domains: DomainSurvey;
  /** Verifies MACs; undefined without a key. */
  readonly mac: Mac | undefined;
  /** Tells what was seen and does not decide the outcome. */
  readonly note: (text: string) => void;
}
