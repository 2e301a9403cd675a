import { must, should } from './entry';
import { DG, EN, LM, RFC_2782, UK, VA } from './sources';

/** Discovery, for each domain that the configuration names. */
export const DNS = [
  must('DNS-01', 'has an SRV record _vlmcs._tcp', [UK('2.5'), VA]),
  must('DNS-02', 'names a port at which the host listens (1688 unless configured)', [UK('2.6'), EN]),
  must('DNS-03', 'names targets that resolve', [VA]),
  must(
    'DNS-04',
    'names only hosts that answer a KMS request, and, where `expectedHosts` is configured, only those; one that answers but is not expected, or stays below every threshold, is told as a rogue host',
    [LM],
  ),
  should(
    'DNS-05',
    'orders them by priority and weight so that `expectedHosts` are asked first (inconclusive without)',
    [UK('2.6'), LM],
  ),
  must(
    'DNS-06',
    "leaves a client served when hosts are down: of several, one that answers is found as the profile's discovery goes (inconclusive with one host)",
    [UK('2.6'), VA],
  ),
  must(
    'DNS-07',
    'has hosts that count each by itself: what one counted does not show at another (needs two reachable hosts); a spare below its threshold is told',
    [VA],
  ),
  should(
    'DNS-08',
    'where clients are pointed at one name with several addresses or a CNAME, every address answers',
    [VA],
  ),
  should('DNS-09', 'publishes no host at a public address', [VA, DG]),
  must('DNS-10', 'names hosts, and not aliases, in its SRV records', [RFC_2782]),
] as const;
