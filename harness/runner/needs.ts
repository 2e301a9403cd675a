/**
 * What a scenario needs of the target. Where the target cannot give it, the scenario is not run: untestable where a
 * control or a setting is lacking, inconclusive where the state that was found does not allow it.
 */
export interface Needs {
  /** A host that holds nothing: it is reset before. Without a reset, or a restart that proved to empty it, inconclusive. */
  readonly fresh?: true;
  /**
   * The most machines that a host with 50 places may count before, for a scenario that goes by the count it finds. Where the target can be
   * reset, it is reset; where not, a higher count makes the scenario inconclusive.
   */
  readonly countAtMost?: number;
  /** How many machines it adds at most. Without a reset, scenarios that add less go first. */
  readonly adds?: number;
  /** It looks at no count and leaves nothing behind that another would mind: it runs beside others. */
  readonly sideBySide?: true;
  /** A host that takes a good request and says nothing in time has failed it. */
  readonly failsOnSilence?: true;
  /** The host's clock can be set forward. */
  readonly clock?: true;
  readonly restart?: true;
  readonly reset?: true;
  /** A key for the MAC was given. */
  readonly macKey?: true;
  /** The configuration names the host's key group. */
  readonly keyGroup?: true;
  /** The configuration names domains. */
  readonly domain?: true;
  /** The configuration sets latency budgets: `p99Ms` and `rate`. */
  readonly latencyBudget?: true;
  /** The configuration sets `idleCloseSeconds`. */
  readonly idleBudget?: true;
}

type Given = Exclude<keyof Needs, 'fresh' | 'countAtMost' | 'adds' | 'sideBySide' | 'failsOnSilence'>;

/** Why a scenario is untestable where this is not given. */
const LACKING: Readonly<Record<Given, string>> = {
  clock: "needs to set the host's clock forward: configure controls.advanceClock",
  restart: 'needs to restart the host: configure controls.restart',
  reset: 'needs to reset the host: configure controls.reset',
  macKey: 'needs the key of the MAC: --mac-key FILE',
  keyGroup: "needs to know the host's key group: configure keyGroup",
  domain: 'needs a domain: configure domains',
  latencyBudget: 'needs a latency budget: configure budgets.p99Ms and budgets.rate',
  idleBudget: 'needs to know when idle connections are closed: configure budgets.idleCloseSeconds',
};

/** What the target and its configuration give. */
export type Gifts = Readonly<Record<Given, boolean>>;

/** The first need that is not met, as a reason; undefined where all are. */
export function unmetNeed(needs: Needs, gifts: Gifts): string | undefined {
  const lacking = (Object.keys(LACKING) as Given[]).find((need) => needs[need] === true && !gifts[need]);
  return lacking === undefined ? undefined : LACKING[lacking];
}

/** True where its verdict rests on the count of the host. */
export const looksAtCount = (needs: Needs): boolean => needs.sideBySide !== true;
