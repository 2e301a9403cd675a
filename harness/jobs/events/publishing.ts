import type { LoggedPublication } from './other-events';

/** One SRV record of a zone, as far as it is compared. */
export interface ZoneRecord {
  /** Without a dot at its end. */
  readonly target: string;
  readonly port: number;
}

/** What DNS has of a domain: its records, or why that is not known. */
export type ZoneAnswer = { readonly records: readonly ZoneRecord[] } | { readonly error: string };

export interface JudgedPublication {
  readonly domain: string;
  readonly verdict: 'as-logged' | 'not-as-logged' | 'not-published' | 'undecided';
  readonly message: string;
  /** The last event of the domain. */
  readonly event: LoggedPublication;
}

/** The last event of each domain: hosts publish themselves again once a day. */
export function lastPublications(publications: readonly LoggedPublication[]): LoggedPublication[] {
  const last = new Map<string, LoggedPublication>();
  for (const publication of publications) {
    const domain = publication.domain.toLowerCase();
    const known = last.get(domain);
    const isOlder = (known?.loggedAt ?? -Infinity) > (publication.loggedAt ?? Infinity);
    if (!isOlder) last.set(domain, publication);
  }
  return [...last.values()];
}

/**
 * Holds what a host logged of publishing itself (12293, 12294) against what the zone has: a domain has an SRV record _vlmcs._tcp (DNS-01), and
 * it names the host that says so.
 */
export function judgePublication(event: LoggedPublication, zone: ZoneAnswer): JudgedPublication {
  const judged = (verdict: JudgedPublication['verdict'], message: string): JudgedPublication => ({
    domain: event.domain,
    verdict,
    message,
    event,
  });
  if ('error' in zone) return judged('undecided', zone.error);
  const { records } = zone;
  const names = records.map(({ target, port }) => `${target}:${port}`).join(', ');
  const isNamed = event.computer === '' || records.some(({ target }) => isSameHost(target, event.computer));
  if (event.hresult !== null) {
    return records.length === 0
      ? judged(
          'not-published',
          'the host could not publish itself, and the zone has no SRV record _vlmcs._tcp (DNS-01)',
        )
      : judged('as-logged', `the host could not publish itself; the zone has ${names}`);
  }
  if (records.length === 0) {
    return judged(
      'not-as-logged',
      'the host says that it published itself, and the zone has no SRV record _vlmcs._tcp (DNS-01)',
    );
  }
  return isNamed
    ? judged('as-logged', `the zone has ${names}`)
    : judged(
        'not-as-logged',
        `the host ${event.computer} says that it published itself, and the zone has only ${names}`,
      );
}

/** Logs have the short name or the full one. */
function isSameHost(target: string, computer: string): boolean {
  const [one, other] = [target, computer].map((name) => name.toLowerCase().replace(/\.$/, '')) as [
    string,
    string,
  ];
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}
