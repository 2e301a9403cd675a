import { displayValue, kmsRequest, type KmsRequestInput } from '../../../../protocol';
import type { CallOptions } from '../../../client';
import { octetsInWords } from './values';

/** Numbers from here on are shown in hexadecimal too: their bits are what matters. */
const LARGE = 0xffff;
const LONGEST_VALUE = 60;

export type Changes = Partial<KmsRequestInput>;

/** What a step varied in a request and in its call, in words: `licenseStatus 5 (notification), opnum 1`; empty for neither. */
export function variedInWords(changes: Changes, call: CallOptions = {}): string {
  const fields = Object.entries(changes)
    .filter(([name, value]) => value !== undefined && name in kmsRequest.fields)
    .map(([name, value]) => `${name} ${fieldInWords(name as keyof typeof kmsRequest.fields, value)}`);
  return [...fields, ...callInWords(call)].join(', ');
}

function fieldInWords(name: keyof typeof kmsRequest.fields, value: unknown): string {
  if (value === '') return '""';
  if (value instanceof Uint8Array) return octetsInWords(value);
  const shown = displayValue(kmsRequest.fields[name], value);
  const whole = typeof value === 'number' && value > LARGE ? `${shown} (${hex(value)})` : shown;
  return whole.length <= LONGEST_VALUE ? whole : `${whole.slice(0, LONGEST_VALUE)}… (${lengthOf(value)})`;
}

const lengthOf = (value: unknown): string => `${String(value).length} UTF-16 units`;

function callInWords({ opnum, contextId, callId, allocHint, ...call }: CallOptions): string[] {
  return [
    ...(opnum === undefined ? [] : [`opnum ${opnum}`]),
    ...(contextId === undefined ? [] : [`context_id ${contextId}`]),
    ...(callId === undefined ? [] : [`call_id ${hex(callId)}`]),
    ...(allocHint === undefined ? [] : [`alloc_hint ${hex(allocHint)}`]),
    ...(call.maxStubPerFragment === undefined
      ? []
      : [`its stub cut into fragments of at most ${call.maxStubPerFragment} octets`]),
    ...(call.segmentBytes === undefined ? [] : [`TCP segments of at most ${call.segmentBytes} octets`]),
  ];
}

/** A number as `0xC004F042`, for messages. */
export const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;
