import { type KmsRequestInput, NIL_GUID, PRODUCTS } from '../../../../protocol';
import type { AskStep, FuzzCase } from '../../../cases/case';
import { ask, asks, conversation, ofWindows } from './scripted';

const FILETIME_OF_1970 = 116_444_736_000_000_000n;
const FILETIME_OF_9999 = 2_650_467_743_999_999_999n;

/** Fields that are as few clients send them, or none. */
const FIELDS: readonly Partial<KmsRequestInput>[] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 255, 0xffffffff].map((licenseStatus) => ({ licenseStatus })),
  ...[1, 2, 0x80000000, 0xffffffff].map((isVirtualMachine) => ({ isVirtualMachine })),
  { isVirtualMachine: 1, licenseStatus: 6 },
  { licenseStatus: 6, bindingExpirationMinutes: 0 },
  ...[0, 1, 259_200, 0x7fffffff, 0xffffffff].map((bindingExpirationMinutes) => ({
    bindingExpirationMinutes,
  })),
  ...[
    0n,
    1n,
    FILETIME_OF_1970 - 1n,
    FILETIME_OF_1970,
    FILETIME_OF_9999,
    (1n << 63n) - 1n,
    (1n << 64n) - 1n,
  ].map((requestTime) => ({ requestTime })),
  ...[
    '',
    'A',
    'a'.repeat(60),
    'n'.repeat(63),
    'ω-σταθμός',
    '日本語のホスト名',
    '\ud800',
    `${'x'.repeat(62)}\udc00`,
  ].map((workstationName) => ({ workstationName })),
  { workstationName: Buffer.alloc(128, 'x\0', 'latin1') },
  { clientMachineId: NIL_GUID },
  { clientMachineId: '0d2c5a0e-6f0b-4c8e-9d5e-3c0a4b1f2eff' },
  { skuId: NIL_GUID },
  { kmsCountedId: NIL_GUID },
  ...(
    [
      [4, 1],
      [3, 0],
      [5, 0],
      [6, 0],
      [0, 0],
      [7, 0],
    ] as const
  ).map(([majorVersion, minorVersion]) => ({ majorVersion, minorVersion })),
];

/** Sealed requests are longer: of other versions than theirs, and theirs, in their size and about it. */
const SEALED: readonly FuzzCase[] = [5, 6].flatMap((majorVersion) =>
  [253, 260, 300].map((messageSize) =>
    conversation([ask(0), { ...asks(1, { majorVersion }), messageSize }, ask(2), ask(1)]),
  ),
);

const SIZES = [0, 1, 3, 4, 8, 100, 235, 236, 251, 253, 256, 300];

/** Behind each, whether the host still serves, and counts as before. */
export const MESSAGES: readonly FuzzCase[] = [
  ...FIELDS.map((fields) => conversation([ask(0), asks(1, fields), ask(2), ask(1)])),
  ...SIZES.map((messageSize) => conversation([ask(0), ask(1, { messageSize }), ask(2), ask(1)])),
  ...SIZES.map((messageSize) => ofWindows([ask(0), ask(1, { application: 1, messageSize }), ask(2)])),
  ...SEALED,
  conversation([ask(0), ask(1, { previous: 1 }), ask(2), ask(1), ask(2, { previous: 1 })]),
];

/** Each product as its own clients ask for it, its counts with it, and such as there are not. */
export const PRODUCT_CONVERSATIONS: readonly FuzzCase[] = [
  ...PRODUCTS.map((one) => productAsks(0, one)).map((step) => ofWindows([step, step])),
  ofWindows([
    ...PRODUCTS.map((one, at) => productAsks(at, one)),
    ...PRODUCTS.map((one, at) => productAsks(at, one)),
    ask(20),
  ]),
  ofWindows([asks(0, { kmsCountedId: '0b1d6f0e-0000-4000-8000-00000000beef' }), ask(1)]),
  ...PRODUCTS.slice(0, 1).map((one) =>
    ofWindows([
      asks(0, {
        kmsCountedId: one.kmsCountedId,
        skuId: one.skus[0].skuId,
        applicationId: '59a52881-a989-479d-af46-f275c6370663',
      }),
      ask(1),
    ]),
  ),
  ...PRODUCTS.filter(({ key }) => key.startsWith('office')).map((one) =>
    ofWindows([asks(0, { kmsCountedId: one.kmsCountedId, skuId: one.skus[0].skuId }), ask(1)]),
  ),
];

function productAsks(
  at: number,
  { applicationId, kmsCountedId, skus, requiredClientCount }: (typeof PRODUCTS)[number],
): AskStep {
  return asks(at, { applicationId, kmsCountedId, skuId: skus[0].skuId, requiredClientCount });
}
