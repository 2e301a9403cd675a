import { a, srv } from '../dns-zone';
import type { HostRole, IllZone } from './ill-zone';

const LOOPBACK = '127.0.0.1';

/** Two published hosts, `kms01` and `kms02`, of which the second does this. */
const beside =
  (role: HostRole): IllZone['records'] =>
  (d, port) => [
    srv(d, `kms01.${d}`, port('good')),
    srv(d, `kms02.${d}`, port(role)),
    a(`kms01.${d}`, LOOPBACK),
    a(`kms02.${d}`, LOOPBACK),
  ];
const alone =
  (role: HostRole): IllZone['records'] =>
  (d, port) => [srv(d, `kms01.${d}`, port(role)), a(`kms01.${d}`, LOOPBACK)];
const at =
  (address: string): IllZone['records'] =>
  (d) => [srv(d, `kms01.${d}`, 1688), a(`kms01.${d}`, address)];

/** Zones in which DNS is well, and hosts or records are not. */
export const ZONES_OF_HOSTS: readonly IllZone[] = [
  { name: 'publishes one good host', records: alone('good') },
  { name: 'publishes two good hosts', records: beside('second') },
  {
    name: 'publishes a second host of a lower priority',
    records: (d, port) => [
      srv(d, `kms01.${d}`, port('good')),
      srv(d, `kms02.${d}`, port('second'), 10),
      a(`kms01.${d}`, LOOPBACK),
      a(`kms02.${d}`, LOOPBACK),
    ],
  },
  {
    name: 'publishes a second host of a lower priority, to clients that heed none',
    profile: 'vista-2008',
    records: (d, port) => [
      srv(d, `kms01.${d}`, port('good')),
      srv(d, `kms02.${d}`, port('second'), 10),
      a(`kms01.${d}`, LOOPBACK),
      a(`kms02.${d}`, LOOPBACK),
    ],
  },
  { name: 'publishes a host that is down beside a good one', records: beside('down') },
  {
    name: 'publishes a host that takes connections and is silent beside a good one',
    records: beside('silent'),
    waits: true,
  },
  { name: 'publishes something else than a KMS host beside a good one', records: beside('web') },
  { name: 'publishes a host for other products beside a good one', records: beside('office') },
  { name: 'publishes one host, which is down', records: alone('down') },
  { name: 'publishes one host, which is silent', records: alone('silent'), waits: true },
  { name: 'publishes one host, which is no KMS host', records: alone('web') },
  { name: 'publishes one host, which is for other products', records: alone('office') },
  { name: 'publishes one host, which counts too few', records: alone('small') },
  { name: 'publishes a spare that is expected', records: beside('small'), expect: ['kms01', 'kms02'] },
  { name: 'publishes a host that nobody expects', records: beside('small'), expect: ['kms01'] },
  {
    name: 'publishes two hosts, both down',
    records: (d, port) => [
      srv(d, `kms01.${d}`, port('down')),
      srv(d, `kms02.${d}`, port('down')),
      a(`kms01.${d}`, LOOPBACK),
      a(`kms02.${d}`, LOOPBACK),
    ],
  },
  { name: 'does not publish an expected host', records: alone('good'), expect: ['kms01', 'kms02'] },
  {
    name: 'publishes a name without address beside a good host',
    records: (d, port) => [...alone('good')(d, port), srv(d, `gone.${d}`, 1688)],
  },
  { name: 'publishes one name, which has no address', records: (d) => [srv(d, `gone.${d}`, 1688)] },
  {
    name: 'publishes a host with two addresses, one of which is down',
    records: (d, port) => [...alone('good')(d, port), a(`kms01.${d}`, '127.0.0.2')],
  },
  { name: 'publishes port 0', records: (d) => [srv(d, `kms01.${d}`, 0), a(`kms01.${d}`, LOOPBACK)] },
  {
    name: 'publishes port 0 beside a good host',
    records: (d, port) => [...alone('good')(d, port), srv(d, `kms02.${d}`, 0), a(`kms02.${d}`, LOOPBACK)],
  },
  { name: 'publishes a host at a private address, which may not be asked', records: at('10.0.0.1') },
  { name: 'publishes a host at a public address, which may not be asked', records: at('8.8.8.8') },
  {
    name: 'publishes a host at a private address beside a good one',
    records: (d, port) => [
      ...alone('good')(d, port),
      srv(d, `kms02.${d}`, 1688),
      a(`kms02.${d}`, '10.0.0.1'),
    ],
  },
];
