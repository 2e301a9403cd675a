import { displayText, formatFiletime, type KmsRequest } from '../../protocol';

/**
 * One request as a Windows host logs it, event 12290 (Operations Guide): HRESULT, N_Policy, machine name, CMID, client
 * time, VM info, licensing status, minutes to expiration, ActID.
 */
export function eventLine(hresult: number, request: KmsRequest): string {
  return [
    formatHresult(hresult),
    request.requiredClientCount,
    printable(displayText(request.workstationName)),
    request.clientMachineId,
    eventTime(request.requestTime),
    request.isVirtualMachine,
    request.licenseStatus,
    request.bindingExpirationMinutes,
    request.skuId,
  ].join(', ');
}

/** The same for what was no version 4.0 request: all there is to say. */
export function malformedEventLine(hresult: number, message: Uint8Array): string {
  return `${formatHresult(hresult)}, ${message.length} bytes that are no version 4.0 request`;
}

const formatHresult = (hresult: number): string => `0x${hresult.toString(16).toUpperCase()}`;

/** `2006/1/14 22:36`, UTC; the FILETIME itself beyond the years that a date has. */
function eventTime(ticks: bigint): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(formatFiletime(ticks));
  if (match === null) return formatFiletime(ticks);
  const [, year, month, day, hour, minute] = match;
  return `${year}/${Number(month)}/${Number(day)} ${Number(hour)}:${minute}`;
}

/** A name comes from whoever connects: control characters would write to the terminal that shows the line. */
function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
