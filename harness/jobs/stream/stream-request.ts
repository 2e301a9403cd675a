import { filetimeFromUnixMs, type KmsRequestInput, product } from '../../../protocol';
import { buildRequest } from '../../model/machine-request';
import { machineName } from './machines';
import type { StreamRequest } from './generate';

/**
 * What the machine of a step sends, and notes on the machine when it asked.
 * @param nowMs the client's clock, ms since 1970; a duplicate repeats the time of the request before it
 */
export function streamRequest({ action, machine }: StreamRequest, nowMs: number): KmsRequestInput {
  const { type, clientMachineId, previousClientMachineId, licensed } = machine;
  const timeMs = action === 'duplicate' ? (machine.askedAtMs ?? nowMs) : nowMs;
  machine.askedAtMs = timeMs;
  return buildRequest(
    {
      product: product(type.product),
      virtual: type.virtual,
      clientMachineId,
      previousClientMachineId,
      name: machineName(machine).replaceAll(' ', '-'),
      licence: licensed ? 'licensed' : 'OOB grace',
    },
    filetimeFromUnixMs(timeMs),
  );
}
