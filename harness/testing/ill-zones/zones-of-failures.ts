import { a, aaaa, type Behaviour, cname, srv } from '../dns-zone';
import type { IllZone } from './ill-zone';

const LOOPBACK = '127.0.0.1';

/** Two good hosts. */
const two: IllZone['records'] = (d, port) => [
  srv(d, `kms01.${d}`, port('good')),
  srv(d, `kms02.${d}`, port('second')),
  a(`kms01.${d}`, LOOPBACK),
  a(`kms02.${d}`, LOOPBACK),
];

const WORDS: Readonly<Partial<Record<Behaviour, string>>> = {
  servfail: 'SERVFAIL',
  refused: 'REFUSED',
  notimp: 'NOTIMP',
  formerr: 'FORMERR',
  notauth: 'NOTAUTH',
  referral: 'a referral',
  silent: 'nothing',
  garbage: 'no DNS message',
  broken: 'a message that cannot be read',
  'other-id': 'an answer to another question',
  foreign: 'records of other names',
  'beside-foreign': 'records of other names beside the right ones',
  truncate: 'cut over UDP, whole over TCP',
  cut: 'cut, with nothing over TCP',
};
const WAITING: ReadonlySet<Behaviour> = new Set(['silent', 'other-id']);

const answers = (
  what: string,
  behaviour: Behaviour,
  applies: (name: string, type: string) => boolean,
): IllZone => ({
  name: `has a server that answers ${what} with ${WORDS[behaviour]}`,
  records: two,
  behaviour: (name, type) => (applies(name, type) ? behaviour : 'answer'),
  notByNamed: true,
  ...(WAITING.has(behaviour) ? { waits: true } : {}),
});

const everything = (behaviour: Behaviour): IllZone => answers('everything', behaviour, () => true);
const ofType = (type: string, behaviour: Behaviour): IllZone =>
  answers(type === 'SRV' ? 'SRV' : `${type} of every host`, behaviour, (_, asked) => asked === type);
const ofOneHost = (behaviour: Behaviour): IllZone =>
  answers(
    'addresses of one of two hosts',
    behaviour,
    (name, type) => /^kms02\./.test(name) && type !== 'SRV',
  );
const ofHosts = (behaviour: Behaviour): IllZone =>
  answers('addresses of both hosts', behaviour, (_, type) => type !== 'SRV');

/** Zones whose server fails, whole or in part. */
export const ZONES_OF_FAILURES: readonly IllZone[] = [
  ...(
    [
      'servfail',
      'refused',
      'notimp',
      'formerr',
      'notauth',
      'referral',
      'silent',
      'garbage',
      'broken',
      'other-id',
    ] as const
  ).map(everything),
  { name: 'has a server where nothing listens', records: two, noServer: true, notByNamed: true },
  ...(['foreign', 'beside-foreign', 'truncate', 'cut'] as const).map((behaviour) => ofType('SRV', behaviour)),
  ...(['servfail', 'refused', 'notimp', 'silent'] as const).map((behaviour) => ofType('A', behaviour)),
  ...(['servfail', 'notimp', 'silent'] as const).map((behaviour) => ofType('AAAA', behaviour)),
  ...(['servfail', 'silent'] as const).map((behaviour) => ofType('CNAME', behaviour)),
  ...(['servfail', 'silent'] as const).map(ofOneHost),
  ...(['servfail', 'silent'] as const).map(ofHosts),
  {
    ...{ name: 'has a server that answers A alone with SERVFAIL, and hosts with IPv6 too', notByNamed: true },
    records: (d, port) => [
      ...two(d, port),
      aaaa(`kms01.${d}`, '::ffff:127.0.0.1'),
      aaaa(`kms02.${d}`, '::ffff:127.0.0.1'),
    ],
    behaviour: (_, type) => (type === 'A' ? 'servfail' : 'answer'),
  },
  {
    ...{ name: 'has an alias of its service in a zone that the server refuses', notByNamed: true },
    records: (d) => [cname(`_vlmcs._tcp.${d}`, '_vlmcs._tcp.elsewhere.example')],
    behaviour: (name) => (name.includes('elsewhere') ? 'refused' : 'answer'),
  },
];
