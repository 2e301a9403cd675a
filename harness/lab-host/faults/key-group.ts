import {
  FAULT,
  findProduct,
  HRESULT,
  type KeyGroupSetting,
  type KmsRequest,
  type Product,
  SERVER_THRESHOLD,
} from '../../../protocol';
import { fault, type Override } from './fault';

const OLDER_GENERATION = ['vista', '2008-a', '2008-b', '2008-c'];
const NEWER_PRODUCTS = ['win7', 'r2-a', 'r2-b', 'r2-c'];

/** Judges products that it knows by this; where it says nothing, and with products that it does not know, as the host does. */
const granting =
  (judge: (product: Product, keyGroup: KeyGroupSetting, request: KmsRequest) => boolean | null): Override =>
  ({ isGranted }) => ({
    isGranted: (request, keyGroup) => {
      const product = findProduct(request.kmsCountedId);
      const verdict = product === undefined ? null : judge(product, keyGroup, request);
      return verdict ?? isGranted(request, keyGroup);
    },
  });

const takingKey =
  (key: KeyGroupSetting, as: KeyGroupSetting): Override =>
  ({ isGranted }) => ({
    isGranted: (request, keyGroup) => isGranted(request, keyGroup === key ? as : keyGroup),
  });

/** Faults of which products a key activates; each shows with the key group that it names. */
export const KEY_GROUP_FAULTS = [
  fault({
    name: 'vista-key-grants-nothing',
    sentence: 'With a Vista key it refuses Vista.',
    requirements: ['KEY-01'],
    keyGroup: 'vista',
    override: granting((_, keyGroup) => (keyGroup === 'vista' ? false : null)),
  }),
  fault({
    name: 'server-key-refuses-clients',
    sentence: 'With a server key it refuses client operating systems.',
    requirements: ['KEY-02'],
    keyGroup: '2008-a',
    override: granting(({ requiredClientCount }) => (requiredClientCount > SERVER_THRESHOLD ? false : null)),
  }),
  fault({
    name: 'key-grants-own-group-only',
    sentence: 'It refuses the groups below that of its key.',
    requirements: ['KEY-03'],
    keyGroup: '2008-b',
    override: granting(({ key }, keyGroup) => key === keyGroup),
  }),
  fault({
    name: 'group-c-taken-for-b',
    sentence: 'It takes a key of group C for one of group B.',
    requirements: ['KEY-04'],
    keyGroup: '2008-c',
    override: takingKey('2008-c', '2008-b'),
  }),
  fault({
    name: 'vista-key-grants-servers',
    sentence: 'With a Vista key it grants servers.',
    requirements: ['KEY-05'],
    keyGroup: 'vista',
    override: granting(({ key }, keyGroup) => (keyGroup === 'vista' ? key !== 'office2010' : null)),
  }),
  fault({
    name: 'group-a-taken-for-b',
    sentence: 'It takes a key of group A for one of group B.',
    requirements: ['KEY-06'],
    keyGroup: '2008-a',
    override: takingKey('2008-a', '2008-b'),
  }),
  fault({
    name: 'group-b-taken-for-c',
    sentence: 'It takes a key of group B for one of group C.',
    requirements: ['KEY-07'],
    keyGroup: '2008-b',
    override: takingKey('2008-b', '2008-c'),
  }),
  fault({
    name: 'wrong-refusal-status',
    sentence: 'It refuses products with 0xC004D104.',
    requirements: ['KEY-07'],
    keyGroup: '2008-b',
    override: ({ decide }) => ({
      decide: (...asked) => {
        const hresult = decide(...asked);
        return hresult === HRESULT.productNotOffered ? HRESULT.licenceStore : hresult;
      },
    }),
  }),
  fault({
    name: 'refused-with-fault',
    sentence: 'It answers a product that it refuses with a fault.',
    requirements: ['KEY-07'],
    keyGroup: '2008-b',
    override: ({ results }) => ({
      results: (answer, ...rest) =>
        answer.hresult === HRESULT.productNotOffered ? FAULT.accessDenied : results(answer, ...rest),
    }),
  }),
  fault({
    name: 'refuses-older-generation',
    sentence: 'With a new key it refuses the older generation.',
    requirements: ['KEY-10'],
    keyGroup: 'r2-c',
    override: granting(({ key }) => (OLDER_GENERATION.includes(key) ? false : null)),
  }),
  fault({
    name: 'grants-newer-generation',
    sentence: 'With a 2008 key it grants Windows 7 and R2.',
    requirements: ['KEY-11'],
    keyGroup: '2008-c',
    override: granting(({ key }) => (NEWER_PRODUCTS.includes(key) ? true : null)),
  }),
  fault({
    name: 'grants-office-with-windows-key',
    sentence: 'It grants Office with a Windows key.',
    requirements: ['KEY-12'],
    keyGroup: 'r2-c',
    override: granting(({ key }) => (key === 'office2010' ? true : null)),
  }),
  fault({
    name: 'grants-windows-with-office-key',
    sentence: 'It grants Windows with an Office key.',
    requirements: ['KEY-12'],
    keyGroup: 'office2010',
    override: granting((_, keyGroup) => (keyGroup === 'office2010' ? true : null)),
  }),
  fault({
    name: 'grants-unknown-products',
    sentence: 'It grants products that it does not know.',
    requirements: ['KEY-09'],
    keyGroup: 'r2-c',
    override: ({ isGranted }) => ({
      isGranted: (request, keyGroup) =>
        findProduct(request.kmsCountedId) === undefined || isGranted(request, keyGroup),
    }),
  }),
  fault({
    name: 'ignores-application',
    sentence: 'It does not look whether a product is of the application.',
    requirements: ['KEY-09'],
    keyGroup: 'r2-c',
    override: ({ isGranted }) => ({
      isGranted: (request, keyGroup) => {
        const { applicationId } = findProduct(request.kmsCountedId) ?? request;
        return isGranted({ ...request, applicationId }, keyGroup);
      },
    }),
  }),
] as const;
