import { a, cname, dname, srv } from '../dns-zone';
import type { IllZone } from './ill-zone';

const LOOPBACK = '127.0.0.1';
const service = (d: string): string => `_vlmcs._tcp.${d}`;

/** One good host, `kms01`. */
const good: IllZone['records'] = (d, port) => [srv(d, `kms01.${d}`, port('good')), a(`kms01.${d}`, LOOPBACK)];
const expecting = (how: string, ...expect: string[]): IllZone => ({
  ...{ name: `publishes a good host that is expected by ${how}`, expect },
  records: (d, port) => [...good(d, port), a(`mgmt.${d}`, LOOPBACK), cname(`kms.${d}`, `kms01.${d}`)],
});

/** Zones whose records are odd, and their server well. */
export const ZONES_OF_RECORDS: readonly IllZone[] = [
  { name: 'has no such name as _vlmcs._tcp', records: (d) => [a(`www.${d}`, LOOPBACK)] },
  { name: 'has that name without records', records: () => [], empty: (d) => [service(d)], notByNamed: true },
  { name: 'has an address record there alone', notByNamed: true, records: (d) => [a(service(d), LOOPBACK)] },
  { name: 'says that it has no such service (target ".")', records: (d) => [srv(d, '.', 0)] },
  { name: 'says so beside a good host', records: (d, port) => [...good(d, port), srv(d, '.', 0)] },
  {
    name: 'publishes a good host three times',
    records: (d, port) => [...good(d, port), ...good(d, port), srv(d, `kms01.${d}`, port('good'), 5)],
  },
  {
    name: 'publishes an address in the place of a name',
    notByNamed: true,
    records: (d) => [srv(d, '10.0.0.1', 1688)],
  },
  {
    name: 'publishes a name without its domain',
    notByNamed: true,
    records: (_d, port) => [srv(_d, 'kms01', port('good'))],
  },
  {
    name: 'publishes a name in capitals',
    records: (d, port) => [srv(d, `KMS01.${d}`, port('good')), a(`kms01.${d}`, LOOPBACK)],
    expect: ['kms01'],
  },
  {
    name: 'has an alias at _vlmcs._tcp',
    records: (d, port) => [cname(service(d), service(`group.${d}`)), ...good(`group.${d}`, port)],
  },
  {
    name: 'has an alias there that leads nowhere',
    records: (d) => [cname(service(d), service(`group.${d}`))],
  },
  {
    name: 'has an alias there that leads back',
    records: (d) => [cname(service(d), `x.${d}`), cname(`x.${d}`, service(d))],
  },
  {
    name: 'has aliases there, each a question of its own',
    behaviour: () => 'one-alias',
    notByNamed: true,
    records: (d, port) => [
      cname(service(d), `x.${d}`),
      cname(`x.${d}`, service(`group.${d}`)),
      ...good(`group.${d}`, port),
    ],
  },
  {
    name: 'has aliases there without end',
    behaviour: () => 'one-alias',
    notByNamed: true,
    records: (d) => [
      cname(service(d), `x0.${d}`),
      ...Array.from({ length: 20 }, (_, i) => cname(`x${i}.${d}`, `x${i + 1}.${d}`)),
    ],
  },
  {
    name: 'is renamed as a whole (DNAME)',
    records: (d, port) => [dname(d, `group-of-${d}`), ...good(`group-of-${d}`, port)],
  },
  {
    name: 'is renamed as a whole to one that publishes nothing',
    records: (d) => [dname(d, `none-of-${d}`), a(`none-of-${d}`, LOOPBACK)],
  },
  {
    name: 'publishes a host by an alias',
    records: (d, port) => [
      srv(d, `kms.${d}`, port('good')),
      cname(`kms.${d}`, `kms01.${d}`),
      a(`kms01.${d}`, LOOPBACK),
    ],
  },
  {
    name: 'publishes an alias of the host that is expected',
    expect: ['kms01'],
    records: (d, port) => [
      srv(d, `kms.${d}`, port('good')),
      cname(`kms.${d}`, `kms01.${d}`),
      a(`kms01.${d}`, LOOPBACK),
    ],
  },
  {
    name: 'publishes an alias that leads nowhere',
    records: (d) => [srv(d, `kms.${d}`, 1688), cname(`kms.${d}`, `kms01.${d}`)],
  },
  {
    name: 'publishes an alias that leads to itself',
    records: (d) => [srv(d, `kms.${d}`, 1688), cname(`kms.${d}`, `kms.${d}`)],
    notByNamed: true,
  },
  expecting('its short name', 'kms01'),
  expecting('its NetBIOS name', 'CORP\\KMS01'),
  expecting('its address', LOOPBACK),
  expecting('an alias', 'kms'),
  expecting('another name of it', 'mgmt'),
];
