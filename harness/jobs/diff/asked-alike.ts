import type { Capabilities } from '../../cases/conduct/capabilities';
import { Random } from '../../support/random';
import type { DiffPlan } from './plan';
import type { Side } from './side';

/** A connection is ended behind a request once the slower of both could have answered so often. */
const LINGER_ANSWERS = 3;

/** Both as they are asked the same. */
export function askedAlike(a: Side, b: Side): readonly [Side, Side] {
  const [mine, theirs] = common(a.capabilities, b.capabilities);
  const lingerMs = LINGER_ANSWERS * Math.max(a.pace.answerMs, b.pace.answerMs);
  return [a.asking(mine, lingerMs), b.asking(theirs, lingerMs)];
}

/** Which run of its seed this is, for hosts of which one may have seen more than the other. */
export async function runOf(a: Side, b: Side, seed: number): Promise<number> {
  return Math.max(await a.runsBefore(seed), await b.runsBefore(seed));
}

/** Of whom machines and applications come: others in each run of a seed. */
export function identitiesOf(seed: number, run: number): Random {
  const random = new Random(seed).fork('identities');
  return run === 0 ? random : random.fork(`run ${run}`);
}

/** What both are asked alike: NDR64 where both take it, the time that both take. */
function common(a: Capabilities, b: Capabilities): readonly [Capabilities, Capabilities] {
  const shared = {
    ndr64: a.ndr64 && b.ndr64,
    requestTime: a.requestTime > b.requestTime ? a.requestTime : b.requestTime,
    keepsConnections: a.keepsConnections && b.keepsConnections,
    grantsAnyApplication: a.grantsAnyApplication && b.grantsAnyApplication,
    countsApplicationsApart: a.countsApplicationsApart && b.countsApplicationsApart,
  };
  return [
    { ...a, ...shared },
    { ...b, ...shared },
  ];
}

/** Cases that set clocks or restart need both hosts to have the controls for it. */
export function levelsFor(levels: DiffPlan['levels'], ...sides: readonly Side[]): DiffPlan['levels'] {
  const can = sides.every(
    ({ target: { controls } }) => controls.advanceClock !== undefined && controls.restart !== undefined,
  );
  return can ? levels : levels.filter((level) => level !== 'control');
}
