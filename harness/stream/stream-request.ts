import { filetimeFromUnixMs, type KmsRequestInput, NIL_GUID, product } from '../../protocol';
import { machineName } from './machines';
import type { StreamRequest } from './generate';

const LICENSED = 1;
const OOB_GRACE = 2;
const GRACE_MINUTES = 30 * 24 * 60;
const VALIDITY_MINUTES = 180 * 24 * 60;

/**
 * What the machine of a step sends, and notes on the machine when it asked.
 * @param nowMs the client's clock, ms since 1970; a duplicate repeats the time of the request before it
 */
export function streamRequest({ action, machine }: StreamRequest, nowMs: number): KmsRequestInput {
  const { type, clientMachineId, previousClientMachineId, licensed } = machine;
  const { applicationId, kmsCountedId, requiredClientCount, skus } = product(type.product);
  const timeMs = action === 'duplicate' ? (machine.askedAtMs ?? nowMs) : nowMs;
  machine.askedAtMs = timeMs;
  return {
    minorVersion: 0,
    majorVersion: 4,
    isVirtualMachine: type.virtual ? 1 : 0,
    licenseStatus: licensed ? LICENSED : OOB_GRACE,
    bindingExpirationMinutes: licensed ? VALIDITY_MINUTES : GRACE_MINUTES,
    applicationId,
    skuId: skus[0].skuId,
    kmsCountedId,
    clientMachineId,
    requiredClientCount,
    requestTime: filetimeFromUnixMs(timeMs),
    previousClientMachineId: previousClientMachineId ?? NIL_GUID,
    workstationName: machineName(machine).replaceAll(' ', '-'),
  };
}
