import { type Machine, server, servers } from '../../../harness/jobs/suite/host/machines';
import { cmidsThatDifferInOneByte } from '../cmids';
import type { MachineWords } from '../machine-words';
import type { Step, Together } from './step';
import type { Way } from './way';

/** The first ten servers tell apart so many bytes of a CMID; the clients behind them the rest. */
export const BYTES_BEFORE = 9;

/** What a new host answered on its way from no machine to the first client OS, of which it has only one. What it did not come to is missing. */
export interface TenPlaces {
  /** The first machines behind that of the opening, all servers, up to ten with it. */
  readonly first: readonly Step[];
  /** Ten further servers, in a cache of ten. */
  readonly further: readonly Step[];
  /** Four of them that renewed at the same time. */
  readonly together?: Together;
  /** The first client OS. */
  readonly growth?: Step;
  /** Behind it: servers that were to be kept, the one that had renewed, those that had renewed at the same time, and the one displaced. */
  readonly kept: readonly Step[];
  readonly renewed?: Step;
  readonly renewedTogether: readonly Step[];
  readonly displaced?: Step;
}

type Ten = [
  first: Machine,
  Machine,
  Machine,
  Machine,
  Machine,
  Machine,
  Machine,
  Machine,
  Machine,
  last: Machine,
];

/**
 * Ten servers, and ten more, which displace them. The first of these renews, then the third to the sixth at the same time; four new ones
 * displace the second, and the seventh to the ninth. The first client OS makes room for more, so that it shows who is still there.
 */
export async function seeTenPlaces(way: Way, machines: MachineWords): Promise<TenPlaces> {
  const { session } = way.driver;
  const cmids = cmidsThatDifferInOneByte(machines.cmidOf(session.firstServer)).slice(0, BYTES_BEFORE);
  const first = await way.each(
    cmids.map((clientMachineId) => server({ clientMachineId })),
    'a further server of the first ten',
  );
  const ten = furtherTen(machines);
  const empty: TenPlaces = { first, further: [], kept: [], renewedTogether: [] };
  if (way.hasWatched) return empty;
  const further: Step[] = [];
  for (const each of ten) {
    further.push(await way.ask(each, `server ${further.length + 11} in a cache of ten`));
    if (way.hasWatched) return { ...empty, further };
  }
  const [oldest, second, , , , , , , , last] = ten;
  const atOnce = ten.slice(2, 6);
  await way.ask(oldest, 'a server of a full cache that renews');
  const together = await way.together(atOnce, 'four servers of a full cache that renew at the same time');
  const late = servers(4);
  await way.each(late, 'a server that displaces another');
  if (way.hasWatched) return { ...empty, further, together };
  const growth = await way.firstClient('the first client OS');
  if (growth === null) return { ...empty, further, together };
  const renewed = await way.ask(oldest, 'the oldest server, which had renewed');
  const renewedTogether = await way.each(atOnce, 'a server that had renewed at the same time as others');
  const kept = await way.each([last, ...late], 'a server that was kept');
  const displaced = await way.ask(second, 'the oldest that had not renewed, which was displaced');
  return { first, further, together, growth, kept, renewed, renewedTogether, displaced };
}

/** A host that goes by the CMID and not by the time displaces the last one, or the first. */
function furtherTen(machines: MachineWords): Ten {
  const last = server({ clientMachineId: machines.cmidFrom('0') });
  const first = server({ clientMachineId: machines.cmidFrom('f') });
  return [first, ...servers(8), last] as Ten;
}
