import type { AddressProbe } from '../../target/discovery';
import type { ProbeResult } from '../../client/ask-once';
import { type HostHealth, type Problem, type Role, type Thresholds, worst, worstFirst } from './health';
import { isAlert, whyAlert } from './ranges';

/** A host with what came of asking it, before it is judged. */
export interface AskedHost {
  readonly host: string;
  /** The published host that `.DOMAIN` led to. */
  readonly via: string | null;
  readonly domain: string | null;
  readonly role: Role;
  readonly addresses: readonly string[];
  /** One result an address, or one of the host as a whole. */
  readonly results: readonly { readonly address: string | null; readonly probe: AddressProbe }[];
  /** What is known to be wrong before anything is asked: with its name, or its record. */
  readonly problems: readonly Problem[];
}

type Answered = Extract<ProbeResult, { kind: 'answered' }>;

/** Judges one host by itself: what its best address answers, and what is wrong with the others. */
export function judgeHost(asked: AskedHost, thresholds: Thresholds): HostHealth {
  const { host, via, domain, role, addresses, results } = asked;
  const judged = results.map(({ address, probe }) => ({
    address,
    probe,
    problems: judge(probe, thresholds),
  }));
  const answers = judged.filter(({ probe }) => probe.kind === 'answered');
  const serves = judged.some(({ probe }) => probe.kind === 'answered' && probe.defects.length === 0);
  const problems = judged.flatMap(({ address, problems: own, probe }) =>
    own.map((problem) => ({
      ...problem,
      // Another address of the host serves: clients that draw this one go on to that.
      state: serves && isDown(probe) ? ('warning' as const) : problem.state,
      message: address === null || results.length === 1 ? problem.message : `${address} ${problem.message}`,
    })),
  );
  const best = bestOf(answers.map(({ probe }) => probe as Answered));
  const all = worstFirst([...asked.problems, ...problems]);
  return {
    ...{ host, via, domain, role, addresses, problems: all, serves },
    state: worst(all.map(({ state }) => state)),
    reachable: reachable(results.map(({ probe }) => probe)),
    count: best?.response.currentClientCount ?? null,
    latencyMs: latencyOf(best, results),
    ePid: typeof best?.response.ePid === 'string' ? best.response.ePid : null,
  };
}

/** Of several addresses, the answer with the highest count: they may be several hosts behind one name. */
const bestOf = (answers: readonly Answered[]): Answered | undefined =>
  [...answers].sort((a, b) => b.response.currentClientCount - a.response.currentClientCount)[0];

function latencyOf(best: Answered | undefined, results: AskedHost['results']): number | null {
  if (best !== undefined) return best.latencyMs;
  const refused = results.find(({ probe }) => probe.kind === 'refused')?.probe;
  return refused?.kind === 'refused' ? refused.latencyMs : null;
}

function reachable(probes: readonly AddressProbe[]): boolean | null {
  const asked = probes.filter(({ kind }) => kind !== 'not-allowed' && kind !== 'not-asked');
  return asked.length === 0 ? null : asked.some(({ kind }) => kind !== 'unreachable');
}

const isDown = ({ kind }: AddressProbe): boolean => kind !== 'answered';

function judge(probe: AddressProbe, thresholds: Thresholds): Problem[] {
  switch (probe.kind) {
    case 'unreachable':
      return [{ kind: 'unreachable', state: 'critical', message: probe.message }];
    case 'no-kms':
      return [{ kind: 'no-kms', state: 'critical', message: probe.message }];
    case 'not-allowed':
    case 'not-asked':
      return [
        {
          kind: 'not-asked',
          state: 'unknown',
          message: 'is not this machine, and was not asked (--allow-remote)',
        },
      ];
    case 'refused':
      return [
        { kind: 'not-initialised', state: 'critical', message: probe.message },
        ...slow(probe.latencyMs, thresholds),
      ];
    case 'answered':
      return [
        ...probe.defects.map((message): Problem => ({ kind: 'wrong-answer', state: 'critical', message })),
        ...judgeCount(probe.response.currentClientCount, thresholds),
        ...slow(probe.latencyMs, thresholds),
      ];
  }
}

function judgeCount(count: number, { warnCount, critCount }: Thresholds): Problem[] {
  const ranges = [
    [critCount, 'critical'],
    [warnCount, 'warning'],
  ] as const;
  for (const [range, state] of ranges) {
    if (range === null || !isAlert(range, count)) continue;
    const kind = !range.inverted && count > range.end ? 'high-count' : 'low-count';
    return [{ kind, state, message: `counts ${count}, ${whyAlert(range, count)}` }];
  }
  return [];
}

function slow(latencyMs: number, { warnMs, critMs }: Thresholds): Problem[] {
  const took = `took ${latencyMs.toFixed(1)} ms`;
  if (latencyMs >= critMs)
    return [{ kind: 'slow', state: 'critical', message: `${took}, ${critMs} or more` }];
  if (latencyMs >= warnMs) return [{ kind: 'slow', state: 'warning', message: `${took}, ${warnMs} or more` }];
  return [];
}
