import type { z } from 'zod';
import { type CounterName, type HostCounters, NOT_COUNTED } from '../model/host-counters';

/* eslint-disable @typescript-eslint/no-require-imports -- most hosts have no control that prints counters, and start sooner */

/** Labels of `slmgr /dlv` on an English host. */
const LABELS: ReadonlyMap<string, CounterName> = new Map([
  ['current count', 'currentCount'],
  ['total requests received', 'totalRequests'],
  ['failed requests received', 'failedRequests'],
  ['requests with license status unlicensed', 'unlicensedRequests'],
  ['requests with license status licensed', 'licensedRequests'],
  ['requests with license status initial grace period', 'oobGraceRequests'],
  ['requests with license status license expired or hardware out of tolerance', 'ootGraceRequests'],
  ['requests with license status non-genuine grace period', 'nonGenuineGraceRequests'],
  ['requests with license status notification', 'notificationRequests'],
]);

/** How much of what is no answer a message quotes. */
const QUOTED = 60;

/**
 * Reads what the control `observe` printed: one JSON object, or the English text of `slmgr /dlv`. What it has beside the counters is left
 * alone.
 * @returns the counters, or why there are none, as words that complete "the control observe …"
 */
export function readCounters(text: string): HostCounters | string {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  const counters = trimmed.startsWith('{') ? fromJson(trimmed) : fromLabels(trimmed);
  if (typeof counters === 'string') return counters;
  const known = Object.entries(counters).filter(([, value]) => value !== undefined);
  if (known.length > 0) return Object.fromEntries(known);
  const quoted = JSON.stringify(trimmed.slice(0, QUOTED));
  return `printed no counter (${quoted}): it is to print one JSON object such as {"currentCount":50}`;
}

function fromJson(text: string): HostCounters | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `printed what is not one JSON object: ${(error as Error).message}`;
  }
  const { countersSchema } = require('./counters-schema') as typeof import('./counters-schema');
  const read = countersSchema.safeParse(value);
  if (read.success) return read.data as HostCounters;
  const [{ path, message }] = read.error.issues as [z.core.$ZodIssue];
  return `printed a counter that is none: ${path.join('.')}: ${message}`;
}

function fromLabels(text: string): HostCounters {
  const counters: Partial<Record<CounterName, number>> = {};
  for (const line of text.split('\n')) {
    const [, label = '', digits = ''] = /^\s*([^:]+?)\s*:\s*(\d{1,10})\s*$/.exec(line) ?? [];
    const name = LABELS.get(label.toLowerCase());
    if (name !== undefined && Number(digits) < NOT_COUNTED) counters[name] = Number(digits);
  }
  return counters;
}
