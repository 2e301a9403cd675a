import { groupOf, type Violation } from '../../cases/judge/violation';
import type { Difference, Observation } from './observation';
import { COUNT_FIELD, MAC_FIELD, type Seen } from './seen';

/** What is left out of a comparison. */
export interface Leaving {
  /** Signatures, or paths of fields. */
  readonly ignored: ReadonlySet<string>;
  /** Hosts whose histories differ: what each counts is held against its own alone. */
  readonly counts: boolean;
}

/** Connections of requests that are sent at once: their order is chance. */
const FIRST_AT_ONCE = 100;

/**
 * In what two observations of the same conversation differ first: all of one step, as what follows may come of it. Where nothing
 * that was heard differs, what the clauses say against one host alone does.
 */
export function differencesOf(a: Observation, b: Observation, leaving: Leaving): readonly Difference[] {
  const isTold = ({ signature, path }: Difference): boolean =>
    !leaving.ignored.has(signature) &&
    (path === null || !isIgnored(path, leaving.ignored)) &&
    !(path === COUNT_FIELD && leaving.counts);
  const life = lifeOf(a, b).filter(isTold);
  if (life.length > 0) return life;
  for (let step = 0; step < Math.max(a.steps.length, b.steps.length); step++) {
    const told = stepDifferences(a.steps[step] ?? [], b.steps[step] ?? [], step).filter(isTold);
    if (told.length > 0) return told;
  }
  return [...counterDifferences(a, b), ...judgedDifferences(a, b)].filter(isTold);
}

/** A field is named by its path, with or without numbers in it, or by its name alone. */
function isIgnored(path: string, ignored: ReadonlySet<string>): boolean {
  if (ignored.size === 0) return false;
  const plain = path.replace(/\[\d+\]/g, '');
  return ignored.has(path) || ignored.has(plain) || ignored.has(plain.slice(plain.lastIndexOf('.') + 1));
}

function lifeOf(a: Observation, b: Observation): readonly Difference[] {
  const [one, other] = [inWords(a), inWords(b)];
  if (one === other) return [];
  return [{ signature: `life: ${one} | ${other}`, path: null, step: null, a: one, b: other }];
}

/** Whether it was slow is chance. */
function inWords({ life }: Observation): string {
  if (life === 'gone') return 'the host is gone';
  return life === 'silent' ? 'the host hangs' : 'the host lives';
}

function stepDifferences(a: readonly Seen[], b: readonly Seen[], step: number): readonly Difference[] {
  const [ones, others] = [byConnection(a), byConnection(b)];
  const numbers = [...new Set([...ones.keys(), ...others.keys()])].sort((x, y) => x - y);
  const found = numbers.flatMap((on) =>
    connectionDifferences(ones.get(on) ?? [], others.get(on) ?? [], step),
  );
  return [...new Map(found.map((one) => [one.signature, one])).values()];
}

function byConnection(seen: readonly Seen[]): ReadonlyMap<number, readonly Seen[]> {
  const connections = new Map<number, Seen[]>();
  for (const one of inOrder(seen)) connections.set(one.on, [...(connections.get(one.on) ?? []), one]);
  // An end that comes before it was waited for is not heard.
  for (const list of connections.values()) if (list.at(-1)?.kind === 'closed') list.pop();
  return connections;
}

/** Who asks at once is counted in any order: the counts are put in theirs. */
function inOrder(seen: readonly Seen[]): readonly Seen[] {
  const isAtOnce = ({ on, fields }: Seen): boolean =>
    on >= FIRST_AT_ONCE && fields[COUNT_FIELD] !== undefined;
  const atOnce = seen.filter(isAtOnce).sort((x, y) => x.on - y.on);
  if (atOnce.length < 2) return seen;
  const counts = atOnce.map(({ fields }) => fields[COUNT_FIELD]!).sort((x, y) => Number(x) - Number(y));
  const put = atOnce.map((one, at) => ({ ...one, fields: { ...one.fields, [COUNT_FIELD]: counts[at]! } }));
  return [...seen.filter((one) => !isAtOnce(one)), ...put];
}

function connectionDifferences(a: readonly Seen[], b: readonly Seen[], step: number): readonly Difference[] {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [one, other] = [a[at], b[at]];
    const [kind, otherKind] = [one?.kind ?? 'no more', other?.kind ?? 'no more'];
    if (kind !== otherKind) {
      const signature = `reaction: ${kind} | ${otherKind}`;
      return [{ signature, path: null, step, a: kindWords(one), b: kindWords(other) }];
    }
    const fields = fieldDifferences(one!, other!, step);
    if (fields.length > 0) return fields;
  }
  return [];
}

function fieldDifferences(a: Seen, b: Seen, step: number): readonly Difference[] {
  const paths = [...new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])];
  return (
    paths
      .filter((path) => a.fields[path] !== b.fields[path])
      // Whether a host signs right is not known where nobody gave its key.
      .filter((path) => path !== MAC_FIELD || (path in a.fields && path in b.fields))
      .map((path) => ({ signature: path, path, step, ...values(a.fields[path], b.fields[path]) }))
  );
}

const values = (a = 'nothing', b = 'nothing'): { a: string; b: string } => ({ a, b });

/** A kind, and with a response what people look for first. */
function kindWords(seen: Seen | undefined): string {
  if (seen === undefined) return 'nothing more';
  const count = seen.fields[COUNT_FIELD];
  return count === undefined ? seen.kind : `${seen.kind} with count ${count}`;
}

function counterDifferences(a: Observation, b: Observation): readonly Difference[] {
  const names = [...new Set([...Object.keys(a.counters), ...Object.keys(b.counters)])];
  return names
    .filter((name) => a.counters[name] !== b.counters[name])
    .map((name) => {
      const path = `counters.${name}`;
      return { signature: path, path, step: null, ...values(text(a.counters[name]), text(b.counters[name])) };
    });
}

const text = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

function judgedDifferences(a: Observation, b: Observation): readonly Difference[] {
  return [...alone(a, b, 'a'), ...alone(b, a, 'b')];
}

/** What clauses say against one host alone. */
function alone(of: Observation, other: Observation, side: 'a' | 'b'): readonly Difference[] {
  return onlyOf(of, other).map((found) => {
    const told = `${found.message} (${found.clause})`;
    const sides = side === 'a' ? { a: told, b: 'as it says' } : { a: 'as it says', b: told };
    return { signature: `judged: ${groupOf(found)}`, path: null, step: null, ...sides };
  });
}

/** What was said against one, and not against the other. */
export function onlyOf(of: Observation, other: Observation): readonly Violation[] {
  const theirs = new Set(other.violations.map(groupOf));
  const own = of.violations.filter((found) => !theirs.has(groupOf(found)));
  return [...new Map(own.map((found) => [groupOf(found), found])).values()];
}
