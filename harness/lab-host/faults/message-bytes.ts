import { decodeRequest, type KmsRequest, type KmsResponseInput, REQUEST_SIZE } from '../../../protocol';
import type { Caller, KmsService } from '../hooks/service-hooks';

/** Where the CMID of a request ends. */
export const CMID_END = 80;

export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** A workstation name as it was on the wire, less what follows its NUL. */
export function nameBytes({ workstationName }: KmsRequest): Uint8Array {
  return typeof workstationName === 'string' ? utf16(workstationName) : workstationName;
}

/** The ePID of a response as text, though another fault may have made bytes of it. */
export function ePidText({ ePid }: KmsResponseInput): string {
  return typeof ePid === 'string' ? ePid : Buffer.from(ePid).toString('utf16le').replace(/\0.*$/s, '');
}

/** Counts whatever stands where a request has its fields; nothing where the message ends before its CMID does. */
export function countAnyway(
  message: Uint8Array,
  kms: KmsService,
  caller: Caller,
  change: Partial<KmsRequest> = {},
): void {
  if (message.length < CMID_END) return;
  const whole = new Uint8Array(REQUEST_SIZE);
  whole.set(message.subarray(0, REQUEST_SIZE));
  whole[2] = 4;
  kms.count({ ...(decodeRequest(whole).value as KmsRequest), ...change }, caller);
}
