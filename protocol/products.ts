/** Products of the guides' era, and which key groups activate them (understanding-kms 2.9, volume-activation-article). */

export const APPLICATIONS = {
  windows: '55c92734-d682-4d71-983e-d6ec3f16059f',
  office2010: '59a52881-a989-479d-af46-f275c6370663',
} as const;

/** Names of the key groups of the guides, and that of Office 2010. */
export const KEY_GROUPS = [
  'vista',
  '2008-a',
  '2008-b',
  '2008-c',
  'win7',
  'r2-a',
  'r2-b',
  'r2-c',
  'office2010',
] as const;
/** The name of a key group: which products a host with such a key grants. */
export type KeyGroup = (typeof KEY_GROUPS)[number];

/** A key group, or `any` for a host that grants every product. */
export type KeyGroupSetting = KeyGroup | 'any';

/** Machines that a host must have counted before Windows clients are activated. */
export const CLIENT_THRESHOLD = 25;
/** Machines that a host must have counted before servers and Office are activated. */
export const SERVER_THRESHOLD = 5;

/** An edition of a product. */
export interface Sku {
  readonly name: string;
  /** ActID. */
  readonly skuId: string;
}

/** A product that asks KMS hosts: its ids, its threshold, and the key groups that grant it. */
export interface Product {
  /** A short name for command lines and streams. */
  readonly key: string;
  readonly name: string;
  readonly applicationId: string;
  /** KMSID. */
  readonly kmsCountedId: string;
  /** N_Policy that its clients send. */
  readonly requiredClientCount: number;
  readonly keyGroups: readonly KeyGroup[];
  readonly skus: readonly [Sku, ...Sku[]];
}

const windows = (
  key: string,
  name: string,
  kmsCountedId: string,
  requiredClientCount: number,
  keyGroups: readonly KeyGroup[],
  skus: Product['skus'],
): Product => ({
  key,
  name,
  applicationId: APPLICATIONS.windows,
  kmsCountedId,
  requiredClientCount,
  keyGroups,
  skus,
});

/** The products of the guides, oldest first, as data. */
export const PRODUCTS = [
  windows(
    'vista',
    'Windows Vista',
    '212a64dc-43b1-4d3d-a30c-2fc69d2095c6',
    CLIENT_THRESHOLD,
    ['vista', '2008-a', '2008-b', '2008-c', 'win7', 'r2-a', 'r2-b', 'r2-c'],
    [
      { name: 'Vista Business', skuId: '4f3d1606-3fea-4c01-be3c-8d671c401e3b' },
      { name: 'Vista Enterprise', skuId: 'cfd8ff08-c0d7-452b-9f60-ef5c70c32094' },
    ],
  ),
  windows(
    'win7',
    'Windows 7',
    '7fde5219-fbfa-484a-82c9-34d1ad53e856',
    CLIENT_THRESHOLD,
    ['win7', 'r2-a', 'r2-b', 'r2-c'],
    [
      { name: 'Windows 7 Professional', skuId: 'b92e9980-b9d5-4821-9c94-140f632f6312' },
      { name: 'Windows 7 Enterprise', skuId: 'ae2ee509-1b34-41c0-acb7-6d4650168915' },
    ],
  ),
  windows(
    '2008-a',
    'Server 2008 A: Web, HPC',
    '33e156e4-b76f-4a52-9f91-f641dd95ac48',
    SERVER_THRESHOLD,
    ['2008-a', '2008-b', '2008-c', 'r2-a', 'r2-b', 'r2-c'],
    [{ name: 'Server 2008 Web', skuId: 'ddfa9f7c-f09e-40b9-8c1a-be877a9a7f4b' }],
  ),
  windows(
    '2008-b',
    'Server 2008 B: Standard, Enterprise',
    '8fe53387-3087-4447-8985-f75132215ac9',
    SERVER_THRESHOLD,
    ['2008-b', '2008-c', 'r2-b', 'r2-c'],
    [
      { name: 'Server 2008 Standard', skuId: 'ad2542d4-9154-4c6d-8a44-30f11ee96989' },
      { name: 'Server 2008 Enterprise', skuId: 'c1af4d90-d1bc-44ca-85d4-003ba33db3b9' },
    ],
  ),
  windows(
    '2008-c',
    'Server 2008 C: Datacenter, Itanium',
    '8a21fdf3-cbc5-44eb-83f3-fe284e6680a7',
    SERVER_THRESHOLD,
    ['2008-c', 'r2-c'],
    [{ name: 'Server 2008 Datacenter', skuId: '68b6e220-cf09-466b-92d3-45cd964b9509' }],
  ),
  windows(
    'r2-a',
    'Server 2008 R2 A: Web, HPC',
    '0fc6ccaf-ff0e-4fae-9d08-4370785bf7ed',
    SERVER_THRESHOLD,
    ['r2-a', 'r2-b', 'r2-c'],
    [{ name: 'Server 2008 R2 Web', skuId: 'a78b8bd9-8017-4df5-b86a-09f756affa7c' }],
  ),
  windows(
    'r2-b',
    'Server 2008 R2 B: Standard, Enterprise',
    'ca87f5b6-cd46-40c0-b06d-8ecd57a4373f',
    SERVER_THRESHOLD,
    ['r2-b', 'r2-c'],
    [
      { name: 'Server 2008 R2 Standard', skuId: '68531fb9-5511-4989-97be-d11a0f55633f' },
      { name: 'Server 2008 R2 Enterprise', skuId: '620e2b3d-09e7-42fd-802a-17a13652fe7a' },
    ],
  ),
  windows(
    'r2-c',
    'Server 2008 R2 C: Datacenter, Itanium',
    'b2ca2689-a9a8-42d7-938d-cf8e9f201958',
    SERVER_THRESHOLD,
    ['r2-c'],
    [{ name: 'Server 2008 R2 Datacenter', skuId: '7482e61b-c589-4b7f-8ecc-46d455ac3b87' }],
  ),
  {
    key: 'office2010',
    name: 'Office 2010',
    applicationId: APPLICATIONS.office2010,
    kmsCountedId: 'e85af946-2e25-47b7-83e1-bebcebeac611',
    requiredClientCount: SERVER_THRESHOLD,
    keyGroups: ['office2010'],
    skus: [{ name: 'Office Professional Plus 2010', skuId: '6f327760-8c5c-417c-9b61-836a98287e0c' }],
  },
] as const satisfies readonly Product[];

/** The short name of a product in {@link PRODUCTS}. */
export type ProductKey = (typeof PRODUCTS)[number]['key'];

const BY_KEY: ReadonlyMap<string, Product> = new Map(PRODUCTS.map((product) => [product.key, product]));
const BY_COUNTED_ID: ReadonlyMap<string, Product> = new Map(
  PRODUCTS.map((product) => [product.kmsCountedId, product]),
);

/** The product of a short name. */
export function product(key: ProductKey): Product {
  return BY_KEY.get(key)!;
}

/** The product of a KMS counted id (a lower-case GUID), or undefined where it is none that is known. */
export function findProduct(kmsCountedId: string): Product | undefined {
  return BY_COUNTED_ID.get(kmsCountedId);
}
