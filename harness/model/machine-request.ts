import {
  CLIENT_THRESHOLD,
  filetimeFromUnixMs,
  type KmsRequestInput,
  NIL_GUID,
  type Product,
  product as productOf,
  type ProductKey,
} from '../../protocol';
import type { Clock } from '../support/clock';
import type { Random } from '../support/random';
import { type Licence, LICENSE_STATUS, MINUTE_MS, USUAL_GRACE_MS, VALIDITY_MS } from './client-state';

/** A machine as its requests show it. */
export interface RequestingMachine {
  readonly product: Product;
  /** The first of its product unless told. */
  readonly skuId?: string;
  /** That of its product unless told. */
  readonly applicationId?: string;
  readonly virtual?: boolean;
  readonly clientMachineId: string;
  /** CMID_prev: none for a machine whose CMID never changed. */
  readonly previousClientMachineId?: string | null;
  /** The workstation name. */
  readonly name: string;
  /** In its first grace period unless told. */
  readonly licence?: Licence;
  /** Until that state ends; Infinity for one without an end, which sends 0. The whole of it unless told. */
  readonly expiresInMs?: number;
}

/** What a machine sends, every field as a real one has it; the MAC is left to who signs. @param requestTime ClientTime, a FILETIME */
export function buildRequest(machine: RequestingMachine, requestTime: bigint): KmsRequestInput {
  const { product, clientMachineId, previousClientMachineId, name, licence = 'OOB grace' } = machine;
  const { expiresInMs = licence === 'licensed' ? VALIDITY_MS : USUAL_GRACE_MS } = machine;
  return {
    minorVersion: 0,
    majorVersion: 4,
    isVirtualMachine: machine.virtual === true ? 1 : 0,
    licenseStatus: LICENSE_STATUS[licence],
    bindingExpirationMinutes: expiresInMs === Infinity ? 0 : Math.floor(expiresInMs / MINUTE_MS),
    applicationId: machine.applicationId ?? product.applicationId,
    skuId: machine.skuId ?? product.skus[0].skuId,
    kmsCountedId: product.kmsCountedId,
    clientMachineId,
    requiredClientCount: product.requiredClientCount,
    requestTime,
    previousClientMachineId: previousClientMachineId ?? NIL_GUID,
    workstationName: name,
  };
}

/** Whose request it is: product, machine, clock, and fields that are to be otherwise. */
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

/** What a new machine of that product sends, as `buildRequest` has it, with what is not given drawn at random. */
export function machineRequest(options: MachineOptions): KmsRequestInput {
  const { random, clock } = options;
  const product: Product = typeof options.product === 'string' ? productOf(options.product) : options.product;
  const kind = product.requiredClientCount === CLIENT_THRESHOLD ? 'PC' : 'SRV';
  // Drawn in any case, so that a given CMID or name does not shift the randomness of what follows.
  const clientMachineId = random.guid();
  const name = `${kind}-${random.int(0, 0xffffff).toString(16).toUpperCase().padStart(6, '0')}.example.test`;
  const machine = {
    product,
    skuId: random.pick(product.skus).skuId,
    virtual: options.virtual === true,
    clientMachineId: options.clientMachineId ?? clientMachineId,
    name: options.name ?? name,
  };
  return { ...buildRequest(machine, filetimeFromUnixMs(clock.now())), ...options.fields };
}

/** What another physical machine sends that is like the one of a request, but for its CMID. */
export function requestOfAnother(
  { mac: _signsAnother, ...example }: KmsRequestInput,
  random: Random,
  changes: Partial<KmsRequestInput> = {},
): KmsRequestInput {
  return {
    ...example,
    isVirtualMachine: 0,
    ...changes,
    clientMachineId: random.guid(),
    previousClientMachineId: NIL_GUID,
  };
}
