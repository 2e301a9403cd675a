import { fault } from './fault';

/** Faults of which products a key activates; each shows with the key group that it names. */
export const KEY_GROUP_FAULTS = [
  fault('vista-key-grants-nothing', 'With a Vista key it refuses Vista.', ['KEY-01'], 'vista'),
  fault(
    'server-key-refuses-clients',
    'With a server key it refuses client operating systems.',
    ['KEY-02'],
    '2008-a',
  ),
  fault('key-grants-own-group-only', 'It refuses the groups below that of its key.', ['KEY-03'], '2008-b'),
  fault('group-c-taken-for-b', 'It takes a key of group C for one of group B.', ['KEY-04'], '2008-c'),
  fault('vista-key-grants-servers', 'With a Vista key it grants servers.', ['KEY-05'], 'vista'),
  fault('group-a-taken-for-b', 'It takes a key of group A for one of group B.', ['KEY-06'], '2008-a'),
  fault('group-b-taken-for-c', 'It takes a key of group B for one of group C.', ['KEY-07'], '2008-b'),
  fault('wrong-refusal-status', 'It refuses products with 0xC004D104.', ['KEY-07'], '2008-b'),
  fault('refused-with-fault', 'It answers a product that it refuses with a fault.', ['KEY-07'], '2008-b'),
  fault('refuses-older-generation', 'With a new key it refuses the older generation.', ['KEY-10'], 'r2-c'),
  fault('grants-newer-generation', 'With a 2008 key it grants Windows 7 and R2.', ['KEY-11'], '2008-c'),
  fault('grants-office-with-windows-key', 'It grants Office with a Windows key.', ['KEY-12'], 'r2-c'),
  fault('grants-windows-with-office-key', 'It grants Windows with an Office key.', ['KEY-12'], 'office2010'),
  fault('counts-refused-product', 'It counts clients whose product it refuses.', ['KEY-08'], '2008-b'),
  fault('grants-unknown-products', 'It grants products that it does not know.', ['KEY-09'], 'r2-c'),
  fault(
    'ignores-application',
    'It does not look whether a product is of the application.',
    ['KEY-09'],
    'r2-c',
  ),
] as const;
