import { expect } from 'chai';
import { FAULTS, type Fault } from './faults';
import { OVERLAP_FAULTS } from './overlap';
import { Lab } from '../testing/lab';
import { ORDINARY_PROBES, PROBES } from '../testing/probes';
import type { Probe } from '../testing/probe-tools';
import type { LabHostOptions } from '../settings';

/** Faults of sockets and timers, which a host without them does not show: server-faults.test.ts has these. */
const ON_THE_WIRE = new Set<string>([
  'slow-answers',
  'slow-tail',
  'ignores-half-close',
  'one-client-at-a-time',
  'hundred-connections',
  'waits-for-whole-pdu',
  'never-closes-idle',
  'dies-of-silence',
  'dies-of-reset',
  'dies-after-500-silent',
  'leaks-orphaned-connection',
  // It goes by the address that a client came by.
  'counts-each-family',
  // Only what comes over sockets can come at the same time, but for connections that are open at once: the scenarios have these.
  ...OVERLAP_FAULTS.map(({ name }) => name).filter((name) => name !== 'lost-update'),
]);

const PURE = FAULTS.filter(({ name }) => !ON_THE_WIRE.has(name));

function optionsOf({ name, keyGroup }: Fault, isFaulty: boolean): LabHostOptions {
  return { keyGroup: keyGroup ?? 'any', ...(isFaulty ? { faults: [name] } : {}) };
}

const transcripts = new Map<string, string[]>();

/** What a good host says, worked out once for each probe and key group. */
function goodTranscript(key: string, probe: Probe, options: LabHostOptions): string[] {
  const id = `${key} ${options.keyGroup}`;
  const known = transcripts.get(id) ?? probe(new Lab(options));
  transcripts.set(id, known);
  return known;
}

/** The first probe in which a host with the fault says something else than one without. */
function deviatingProbe(fault: Fault, probes: Readonly<Record<string, Probe>>): string | undefined {
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((line, i) => line === b[i]);
  return Object.keys(probes).find((key) => {
    const good = goodTranscript(key, probes[key]!, optionsOf(fault, false));
    return !same(probes[key]!(new Lab(optionsOf(fault, true))), good);
  });
}

describe('faults', () => {
  it('has at least 70 of them, under different kebab-case names', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(FAULTS.length).to.be.at.least(70);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('has one sentence for each, and requirements for all but the deep ones', () => {
    for (const { name, sentence, requirements, deep } of FAULTS) {
      expect(sentence, name).to.match(/^[A-Z][^.]*(\d\.\d[^.]*)*\.$/);
      expect(requirements.length > 0, name).to.equal(deep === undefined);
      for (const id of requirements) expect(id, name).to.match(/^[A-Z]+-\d\d$/);
    }
    expect(FAULTS.filter(({ deep }) => deep !== undefined).length).to.be.at.least(20);
  });

  for (const fault of PURE) {
    it(`${fault.name}: the host deviates`, () => {
      expect(deviatingProbe(fault, PROBES)).to.not.equal(undefined);
    });
  }

  for (const fault of PURE.filter(({ deep }) => deep !== undefined)) {
    it(`${fault.name}: ordinary conversations do not show it`, () => {
      expect(deviatingProbe(fault, ORDINARY_PROBES)).to.equal(undefined);
    });
  }
});
