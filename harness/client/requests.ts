import {
  CLIENT_THRESHOLD,
  filetimeFromUnixMs,
  type KmsRequestInput,
  NIL_GUID,
  type Product,
  product as productOf,
  type ProductKey,
} from '../../protocol';
import type { Clock } from '../clock';
import type { Random } from '../random';

/** License status of a machine in its first grace period, and the minutes of its 30 days, as recorded clients send them. */
const OOB_GRACE = 2;
const OOB_GRACE_MINUTES = 30 * 24 * 60;

export interface MachineOptions {
  readonly product: ProductKey | Product;
  /** The machine's CMID, SKU and name come from it, where they are not given. */
  readonly random: Random;
  readonly clock: Clock;
  readonly virtual?: boolean;
  readonly name?: string;
  readonly clientMachineId?: string;
  /** Any other field of the message, right or wrong. */
  readonly fields?: Partial<KmsRequestInput>;
}

/** What a machine of that product sends, every field as a real one has it; the MAC is left to who signs. */
export function machineRequest(options: MachineOptions): KmsRequestInput {
  const { random, clock } = options;
  const product: Product = typeof options.product === 'string' ? productOf(options.product) : options.product;
  const kind = product.requiredClientCount === CLIENT_THRESHOLD ? 'PC' : 'SRV';
  // Drawn in any case, so that a given CMID or name does not shift the randomness of what follows.
  const clientMachineId = random.guid();
  const name = `${kind}-${random.int(0, 0xffffff).toString(16).toUpperCase().padStart(6, '0')}.example.test`;
  return {
    minorVersion: 0,
    majorVersion: 4,
    isVirtualMachine: options.virtual === true ? 1 : 0,
    licenseStatus: OOB_GRACE,
    bindingExpirationMinutes: OOB_GRACE_MINUTES,
    applicationId: product.applicationId,
    skuId: random.pick(product.skus).skuId,
    kmsCountedId: product.kmsCountedId,
    clientMachineId: options.clientMachineId ?? clientMachineId,
    requiredClientCount: product.requiredClientCount,
    requestTime: filetimeFromUnixMs(clock.now()),
    previousClientMachineId: NIL_GUID,
    workstationName: options.name ?? name,
    ...options.fields,
  };
}
