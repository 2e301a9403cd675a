import { mergeLatency } from './merge-latency';
import { type Held, type Part, refusal } from './merge-part';
import type { Coverage, Discovery, Finding, Replay, Report } from './model';

type Sections = Pick<
  Report,
  'trajectory' | 'latency' | 'coverage' | 'findings' | 'fleet' | 'discovery' | 'replay'
>;

/** The sections of shards as those of one run. A trajectory or a fleet is one history: it may be in one part only. */
export function mergeSections(parts: readonly Part[]): Sections {
  const latency = holding(parts, 'latency');
  const coverage = holding(parts, 'coverage');
  const findings = holding(parts, 'findings');
  const discovery = holding(parts, 'discovery');
  const replay = holding(parts, 'replay');
  return {
    ...only(parts, 'trajectory'),
    ...only(parts, 'fleet'),
    ...(latency.length === 0 ? {} : { latency: mergeLatency(latency) }),
    ...(coverage.length === 0 ? {} : { coverage: mergeCoverage(coverage.map(({ section }) => section)) }),
    ...(findings.length === 0 ? {} : { findings: mergeFindings(findings.flatMap(({ section }) => section)) }),
    ...(discovery.length === 0 ? {} : { discovery: mergeDiscovery(discovery.map(({ section }) => section)) }),
    ...(replay.length === 0 ? {} : { replay: mergeReplay(replay) }),
  };
}

function holding<K extends keyof Sections>(parts: readonly Part[], key: K): Held<NonNullable<Sections[K]>>[] {
  return parts.flatMap(({ report, where }) => {
    const section = report[key];
    return section === undefined ? [] : [{ section: section, where }];
  });
}

function only<K extends 'trajectory' | 'fleet'>(parts: readonly Part[], key: K): Pick<Sections, K> | object {
  const [first, second] = holding(parts, key);
  if (second !== undefined) {
    throw refusal(
      second.where,
      key,
      `${first!.where} has one too, and both are one history each`,
      'merge only shards that split their work',
    );
  }
  return first === undefined ? {} : { [key]: first.section };
}

function mergeCoverage(all: readonly Coverage[]): Coverage {
  const rows = new Map<string, Coverage['rows'][number]>();
  for (const { field, kind, reactions } of all.flatMap((each) => each.rows)) {
    const key = `${field}\n${kind}`;
    const row = rows.get(key) ?? {
      field,
      kind,
      reactions: { answered: 0, hresult: 0, fault: 0, closed: 0, reset: 0, timeout: 0 },
    };
    const sum = { ...row.reactions };
    for (const reaction of Object.keys(sum) as (keyof typeof sum)[]) sum[reaction] += reactions[reaction];
    rows.set(key, { field, kind, reactions: sum });
  }
  const sum = (of: (coverage: Coverage) => number): number =>
    all.reduce((total, each) => total + of(each), 0);
  const notes = new Map<string, number>();
  for (const { note, cases } of all.flatMap((each) => each.notes ?? []))
    notes.set(note, (notes.get(note) ?? 0) + cases);
  const assumptions = all.flatMap((each) => each.assumptions ?? []);
  const distinct = new Map(assumptions.map((each) => [JSON.stringify(each), each]));
  return {
    ...(notes.size === 0 ? {} : { notes: [...notes].map(([note, cases]) => ({ note, cases })) }),
    ...(distinct.size === 0 ? {} : { assumptions: [...distinct.values()] }),
    cases: sum(({ cases }) => cases),
    casesPerSecond: sum(({ casesPerSecond }) => casesPerSecond),
    ...(all.some(({ workers }) => workers !== undefined)
      ? { workers: sum(({ workers = 1 }) => workers) }
      : {}),
    ...(all.some(({ resumed }) => resumed === true) ? { resumed: true } : {}),
    rows: [...rows.values()],
  };
}

/** Shards that fell into the same group of findings tell it once, by its shortest sequence. */
function mergeFindings(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const before = merged.get(finding.id);
    if (before === undefined) {
      merged.set(finding.id, finding);
      continue;
    }
    const shorter = finding.requests < before.requests ? finding : before;
    merged.set(finding.id, { ...shorter, cases: (before.cases ?? 1) + (finding.cases ?? 1) });
  }
  return [...merged.values()];
}

type Domain = Discovery['domains'][number];

function mergeDiscovery(all: readonly Discovery[]): Discovery {
  const domains = new Map<string, Domain>();
  for (const domain of all.flatMap((each) => each.domains)) {
    const before = domains.get(domain.domain);
    domains.set(domain.domain, before === undefined ? domain : joinedDomain(before, domain));
  }
  return { domains: [...domains.values()] };
}

function joinedDomain(one: Domain, other: Domain): Domain {
  const warnings = [...new Set([...(one.warnings ?? []), ...(other.warnings ?? [])])];
  return {
    ...one,
    hosts: [...one.hosts, ...other.hosts],
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function mergeReplay(held: readonly Held<Replay>[]): Replay {
  const first = held[0]!;
  const seen = new Map<number, string>();
  for (const { section, where } of held) {
    if (section.capture !== first.section.capture) {
      throw refusal(
        where,
        'replay.capture',
        `is ${section.capture}, in ${first.where} ${first.section.capture}`,
        'merge the shards of one replay',
      );
    }
    for (const { index } of section.exchanges) {
      const twin = seen.get(index);
      if (twin !== undefined) {
        throw refusal(
          where,
          `replay.exchanges`,
          `exchange ${index} is in ${twin} too`,
          'give each shard once',
        );
      }
      seen.set(index, where);
    }
  }
  const warnings = [...new Set(held.flatMap(({ section }) => section.warnings ?? []))];
  return {
    ...first.section,
    exchanges: held.flatMap(({ section }) => section.exchanges).sort((one, other) => one.index - other.index),
    ...mergeUnlisted(held.flatMap(({ section }) => section.unlisted ?? [])),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

type Unlisted = NonNullable<Replay['unlisted']>;

function mergeUnlisted(all: readonly Unlisted[]): Pick<Replay, 'unlisted'> {
  if (all.length === 0) return {};
  const sum = (verdict: 'agrees' | 'differs' | 'not-comparable'): number =>
    all.reduce((total, each) => total + each[verdict], 0);
  const fields = new Map<string, Unlisted['mayDiffer'][number]>();
  for (const field of all.flatMap(({ mayDiffer }) => mayDiffer)) {
    const key = JSON.stringify([field.path, field.reason]);
    fields.set(key, { ...field, times: field.times + (fields.get(key)?.times ?? 0) });
  }
  return {
    unlisted: {
      agrees: sum('agrees'),
      differs: sum('differs'),
      'not-comparable': sum('not-comparable'),
      mayDiffer: [...fields.values()],
    },
  };
}
