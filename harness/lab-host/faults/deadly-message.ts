import { displayText, filetimeFromUnixMs, type KmsRequest, REQUEST_SIZE } from '../../../protocol';
import { HostDeath, HostHang } from '../host-failure';
import type { FaultName, FaultSet } from './faults';

/** Later than this, a date is beyond what a host reckons with: the year 9999. */
const LATE = filetimeFromUnixMs(Date.UTC(9999, 11, 31));
const HIGHEST = 0xffff_ffff;
/** An unpaired surrogate: one half without the other. */
const UNPAIRED = /\p{Surrogate}/u;

/** @throws HostDeath, HostHang where the host has a fault that this message, version 4.0 or not, brings out */
export function meetMessage(message: Uint8Array, faults: FaultSet): void {
  if (message.length < REQUEST_SIZE) die('dies-of-short-message', faults);
  if (message.length >= 4 && message.subarray(0, 4).every((octet) => octet === 0))
    die('dies-of-version-zero', faults);
}

/** @throws HostDeath, HostHang where the host has a fault that this request brings out */
export function meetRequest(request: KmsRequest, faults: FaultSet): void {
  const { licenseStatus, requiredClientCount, requestTime, workstationName } = request;
  const name = displayText(workstationName);
  const isUnpaired = UNPAIRED.test(name);
  if (typeof workstationName !== 'string') die('dies-of-unterminated-name', faults);
  if (isUnpaired) die('dies-of-surrogates', faults);
  if (requiredClientCount === 0) die('dies-of-required-count-zero', faults);
  if (requiredClientCount >= 0x8000_0000) die('dies-of-huge-required-count', faults);
  if (requestTime === 0n) die('dies-of-time-zero', faults);
  if (requestTime > LATE) hang('hangs-on-late-time', faults);
  if (licenseStatus === 6 && request.isVirtualMachine !== 0) die('dies-of-virtual-extended-grace', faults);
  if (licenseStatus > 6 && request.bindingExpirationMinutes > 0) die('dies-of-unknown-status', faults);
  if (request.bindingExpirationMinutes === HIGHEST) die('dies-of-full-binding-expiration', faults);
  if (request.isVirtualMachine >= 0x8000_0000) die('dies-of-odd-vm-info', faults);
  if (name.length === 63 && /[\ud800-\udfff]/.test(name)) hang('hangs-on-long-surrogate-name', faults);
}

export function die(fault: FaultName, faults: FaultSet): void {
  if (faults.has(fault)) throw new HostDeath(fault);
}

export function hang(fault: FaultName, faults: FaultSet): void {
  if (faults.has(fault)) throw new HostHang(fault);
}
