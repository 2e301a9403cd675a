import { formatFiletime, formatStatus } from '../../../protocol';
import type { LoggedEvent } from './event-line';
import type { EventTable } from './event-table';
import type { SeenRequest } from './requests';

/** One field in which log and capture differ. */
export interface EventDifference {
  readonly field: string;
  readonly seen: string;
  readonly logged: string;
}

/**
 * A name as exports leave it: what is not ASCII becomes question marks, or other letters in another code page. One run of such stands for any
 * other.
 */
export const comparableName = (name: string): string => name.trim().replace(/(?:[^\x20-\x7e]|\?)+/g, '?');

/** Fields that are compared for equality, each as text, in the order in which the log has them; time and CMID stand for themselves. */
export const COMPARED: readonly {
  readonly field: string;
  readonly seen: (request: SeenRequest) => string | number;
  readonly logged: (events: EventTable, index: number) => string | number;
}[] = [
  { field: 'hresult', seen: ({ hresult }) => hresult ?? '', logged: (events, i) => events.hresult.at(i) },
  {
    field: 'requiredClientCount',
    seen: ({ requiredClientCount }) => requiredClientCount,
    logged: (events, i) => events.requiredClientCount.at(i),
  },
  {
    field: 'workstationName',
    seen: ({ workstationName }) => comparableName(workstationName),
    logged: (events, i) => comparableName(events.workstationName(i)),
  },
  {
    field: 'isVirtualMachine',
    seen: ({ isVirtualMachine }) => isVirtualMachine,
    logged: (events, i) => events.isVirtualMachine.at(i),
  },
  {
    field: 'licenseStatus',
    seen: ({ licenseStatus }) => licenseStatus,
    logged: (events, i) => events.licenseStatus.at(i),
  },
  {
    field: 'bindingExpirationMinutes',
    seen: ({ bindingExpirationMinutes }) => bindingExpirationMinutes,
    logged: (events, i) => events.bindingExpirationMinutes.at(i),
  },
  { field: 'skuId', seen: ({ skuId }) => skuId, logged: (events, i) => events.skuId(i) },
];

/** @param offset minutes by which the log is ahead of UTC */
export function differences(seen: SeenRequest, event: LoggedEvent, offset: number): EventDifference[] {
  const found: EventDifference[] = [];
  const compare = (field: string, one: string | number, other: string | number): void => {
    if (one !== other) found.push({ field, seen: String(one), logged: String(other) });
  };
  // Where no answer was seen, whatever the host logged may be true.
  if (seen.hresult !== null) compare('hresult', formatStatus(seen.hresult), formatStatus(event.hresult));
  compare('requiredClientCount', seen.requiredClientCount, event.requiredClientCount);
  if (comparableName(seen.workstationName) !== comparableName(event.workstationName)) {
    found.push({ field: 'workstationName', seen: seen.workstationName, logged: event.workstationName });
  }
  compare('clientMachineId', seen.clientMachineId, event.clientMachineId);
  // A time in a form that is not known is told as a warning, and accuses nobody.
  if (event.clientMinute !== null && event.clientMinute - offset !== seen.minute) {
    found.push({ field: 'requestTime', seen: formatFiletime(seen.requestTime), logged: event.clientTime });
  }
  compare('isVirtualMachine', seen.isVirtualMachine, event.isVirtualMachine);
  compare('licenseStatus', seen.licenseStatus, event.licenseStatus);
  compare('bindingExpirationMinutes', seen.bindingExpirationMinutes, event.bindingExpirationMinutes);
  compare('skuId', seen.skuId, event.skuId);
  return found;
}
