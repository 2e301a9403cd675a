import { displayText, type KmsRequest } from '../../../protocol';
import type { Caller } from '../counting';
import type { FaultSet } from './faults';

/** Which table a request goes to. The model: one for each application. */
export function tableKey(request: KmsRequest, { syntax }: Caller, faults: FaultSet): string {
  if (faults.has('applications-together')) return 'all';
  if (faults.has('count-by-product')) return request.kmsCountedId;
  if (faults.has('servers-apart')) return `${request.applicationId} ${request.requiredClientCount}`;
  if (faults.has('ndr64-counts-apart')) return `${request.applicationId} ${syntax}`;
  return request.applicationId;
}

/** What tells machines apart. The model: the CMID. */
export function recordKey(request: KmsRequest, requestNumber: number, faults: FaultSet): string {
  const cmid = request.clientMachineId;
  const name = displayText(request.workstationName);
  if (faults.has('counts-every-request')) return `${cmid} ${requestNumber}`;
  if (faults.has('count-by-cmid-and-status')) return `${cmid} ${request.licenseStatus}`;
  if (faults.has('count-by-cmid-and-name')) return `${cmid} ${name}`;
  if (faults.has('count-by-cmid-and-sku')) return `${cmid} ${request.skuId}`;
  if (faults.has('count-by-cmid-and-previous')) return `${cmid} ${request.previousClientMachineId}`;
  if (faults.has('count-by-name')) return name;
  // 18 digits and dashes are the first 8 bytes.
  if (faults.has('half-cmid')) return cmid.slice(0, 18);
  if (faults.has('last-half-cmid')) return cmid.slice(19);
  if (faults.has('first-group-cmid')) return cmid.slice(0, 8);
  if (faults.has('cmid-less-last-byte')) return cmid.slice(0, -2);
  return cmid;
}
