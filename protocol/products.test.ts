import { expect } from 'chai';
import { APPLICATIONS, findProduct, KEY_GROUPS, product, PRODUCTS } from './products';

const WINDOWS = '55c92734-d682-4d71-983e-d6ec3f16059f';
const OFFICE = '59a52881-a989-479d-af46-f275c6370663';

/** Wire format, section 8: KMSID, N_Policy, key groups that activate it, sample SKUs. */
const TABLE: readonly (readonly [
  key: (typeof PRODUCTS)[number]['key'],
  kmsCountedId: string,
  requiredClientCount: number,
  keyGroups: string,
  skuIds: string,
])[] = [
  [
    'vista',
    '212a64dc-43b1-4d3d-a30c-2fc69d2095c6',
    25,
    'vista 2008-a 2008-b 2008-c win7 r2-a r2-b r2-c',
    '4f3d1606-3fea-4c01-be3c-8d671c401e3b cfd8ff08-c0d7-452b-9f60-ef5c70c32094',
  ],
  [
    'win7',
    '7fde5219-fbfa-484a-82c9-34d1ad53e856',
    25,
    'win7 r2-a r2-b r2-c',
    'b92e9980-b9d5-4821-9c94-140f632f6312 ae2ee509-1b34-41c0-acb7-6d4650168915',
  ],
  [
    '2008-a',
    '33e156e4-b76f-4a52-9f91-f641dd95ac48',
    5,
    '2008-a 2008-b 2008-c r2-a r2-b r2-c',
    'ddfa9f7c-f09e-40b9-8c1a-be877a9a7f4b',
  ],
  [
    '2008-b',
    '8fe53387-3087-4447-8985-f75132215ac9',
    5,
    '2008-b 2008-c r2-b r2-c',
    'ad2542d4-9154-4c6d-8a44-30f11ee96989 c1af4d90-d1bc-44ca-85d4-003ba33db3b9',
  ],
  [
    '2008-c',
    '8a21fdf3-cbc5-44eb-83f3-fe284e6680a7',
    5,
    '2008-c r2-c',
    '68b6e220-cf09-466b-92d3-45cd964b9509',
  ],
  [
    'r2-a',
    '0fc6ccaf-ff0e-4fae-9d08-4370785bf7ed',
    5,
    'r2-a r2-b r2-c',
    'a78b8bd9-8017-4df5-b86a-09f756affa7c',
  ],
  [
    'r2-b',
    'ca87f5b6-cd46-40c0-b06d-8ecd57a4373f',
    5,
    'r2-b r2-c',
    '68531fb9-5511-4989-97be-d11a0f55633f 620e2b3d-09e7-42fd-802a-17a13652fe7a',
  ],
  ['r2-c', 'b2ca2689-a9a8-42d7-938d-cf8e9f201958', 5, 'r2-c', '7482e61b-c589-4b7f-8ecc-46d455ac3b87'],
  [
    'office2010',
    'e85af946-2e25-47b7-83e1-bebcebeac611',
    5,
    'office2010',
    '6f327760-8c5c-417c-9b61-836a98287e0c',
  ],
];

describe('products', () => {
  it('are those of the table, in its order', () => {
    expect(PRODUCTS.map(({ key }) => key)).to.deep.equal(TABLE.map(([key]) => key));
    expect([...KEY_GROUPS].join(' ')).to.equal('vista 2008-a 2008-b 2008-c win7 r2-a r2-b r2-c office2010');
    expect(APPLICATIONS).to.deep.equal({ windows: WINDOWS, office2010: OFFICE });
  });

  for (const [key, kmsCountedId, requiredClientCount, keyGroups, skuIds] of TABLE) {
    it(`${key}: KMSID, application, threshold, key groups and SKUs`, () => {
      const found = product(key);
      expect(found).to.include({ key, kmsCountedId, requiredClientCount });
      expect(found.applicationId).to.equal(key === 'office2010' ? OFFICE : WINDOWS);
      expect([...found.keyGroups].sort()).to.deep.equal(keyGroups.split(' ').sort());
      expect(found.skus.map(({ skuId }) => skuId)).to.deep.equal(skuIds.split(' '));
      expect(findProduct(kmsCountedId)).to.equal(found);
    });
  }

  it('have a name each, as have their SKUs', () => {
    const names = PRODUCTS.flatMap(({ name, skus }) => [name, ...skus.map((sku) => sku.name)]);
    expect(new Set(names).size).to.equal(names.length);
    for (const name of names) expect(name).to.match(/^(Windows|Vista|Server|Office) ./);
  });

  it('are not found by what is no KMSID', () => {
    for (const id of ['', WINDOWS, TABLE[0]![4].split(' ')[0]!]) expect(findProduct(id)).to.equal(undefined);
  });
});
