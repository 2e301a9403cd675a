/**
 * The one way from no machine to a full cache that a host which nobody can empty is taken, in this order: servers only, and what the first client
 * OS shows of them; scenarios that add few machines; the threshold of client OSes; what a host refuses, seen by a count that has room
 * to rise; requests at the same time; a walk over associations; the full cache.
 */
export const PLACES = ['ten', 'few', 'threshold', 'refusals', 'overlap', 'walk', 'fifty'] as const;
export type Place = (typeof PLACES)[number];

/** Places whose scenarios look at the same stretch of the journey: they do not begin from a state of their own. */
const SHARED: readonly Place[] = ['ten', 'threshold', 'overlap'];

/** Whether a scenario reads off the journey what all of its place look at. */
export const readsJourney = ({ place }: Needs): boolean => place !== undefined && SHARED.includes(place);

/**
 * What a scenario needs of the target. Where the target cannot give it, the scenario is not run: untestable where a
 * control or a setting is lacking, inconclusive where the state that was found does not allow it.
 */
export interface Needs {
  /** A host that holds nothing: it is reset before. Without a reset, or a restart that proved to empty it, inconclusive. */
  readonly fresh?: true;
  /** Where it has its place on a new host that cannot be emptied. */
  readonly place?: Place;
  /** It looks at what the whole run saw, and goes behind all others. */
  readonly last?: true;
  /**
   * The most machines that a host with 50 places may count before, for a scenario that goes by the count it finds. Where the target can be
   * reset, it is reset; where not, a higher count makes the scenario inconclusive.
   */
  readonly countAtMost?: number;
  /** How many machines it adds at most. Without a reset, scenarios that add less go first. */
  readonly adds?: number;
  /** About how many requests it sends, where that is more than a few beyond what it adds: by that its time is reckoned. */
  readonly requests?: number;
  /** Its requests go several at a time, as many as the host answers well within their time to live. */
  readonly severalAtATime?: true;
  /** The most requests that are under way at the same time, all of which must be answered in time. */
  readonly together?: number;
  /** About how often it sets the clock. */
  readonly clockSteps?: number;
  /** It looks at no count and leaves nothing behind that another would mind: it runs beside others. */
  readonly parallel?: true;
  /** A host that takes a good request and says nothing in time has failed it. */
  readonly failsOnSilence?: true;
  /** The host's clock can be set forward. */
  readonly clock?: true;
  readonly restart?: true;
  readonly reset?: true;
  /** The host's own counters can be read. */
  readonly observe?: true;
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

type Given = Exclude<
  keyof Needs,
  | 'fresh'
  | 'place'
  | 'last'
  | 'countAtMost'
  | 'adds'
  | 'requests'
  | 'severalAtATime'
  | 'together'
  | 'clockSteps'
  | 'parallel'
  | 'failsOnSilence'
>;

/** Why a scenario is untestable where this is not given. */
const LACKING: Readonly<Record<Given, string>> = {
  clock: "needs to set the host's clock forward: configure controls.advanceClock",
  restart: 'needs to restart the host: configure controls.restart',
  reset: 'needs to reset the host: configure controls.reset',
  observe: "needs the host's own counters: configure controls.observe",
  macKey: 'needs the key of the MAC: --mac-key FILE',
  keyGroup: "needs to know the host's key group: configure keyGroup",
  domain: 'needs a domain: configure domains',
  latencyBudget: 'needs a latency budget: configure budgets.p99Ms and budgets.rate',
  idleBudget: 'needs to know when idle connections are closed: configure budgets.idleCloseSeconds',
};

/** What the target and its configuration give. */
export type Capabilities = Readonly<Record<Given, boolean>>;

/** The first need that is not met, as a reason; undefined where all are. */
export function unmetNeed(needs: Needs, capabilities: Capabilities): string | undefined {
  const lacking = (Object.keys(LACKING) as Given[]).find(
    (need) => needs[need] === true && !capabilities[need],
  );
  return lacking === undefined ? undefined : LACKING[lacking];
}

/** What a scenario needs of a host and of its configuration, in words; nothing where any host will do. */
export function needsInWords(needs: Needs): string[] {
  return [
    ...(needs.fresh === true
      ? ['needs an empty host: configure controls.reset, or controls.restart where that empties it']
      : []),
    ...(needs.countAtMost === undefined
      ? []
      : [`needs a host that counts at most ${needs.countAtMost} machines, or controls.reset`]),
    ...(Object.keys(LACKING) as Given[]).filter((need) => needs[need] === true).map((need) => LACKING[need]),
  ];
}

/** True where its verdict rests on the count of the host. */
export const looksAtCount = (needs: Needs): boolean => needs.parallel !== true;
