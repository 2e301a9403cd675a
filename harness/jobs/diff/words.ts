import type { Difference } from './observation';

/** What is told of a field by another name than its own. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  'response.currentClientCount': 'count',
  'response.clientMachineId': 'CMID',
  'response.requestTime': 'ClientTime',
  'response.ePid': 'ePID',
  'response.mac': 'MAC',
  'response.activationIntervalMinutes': 'activation interval in minutes',
  'response.renewalIntervalMinutes': 'renewal interval in minutes',
  'response.size': 'size of the response',
  'response.version': 'version of the response',
  'response.contextId': 'context of the response',
  'response.allocHint': 'alloc_hint of the response',
  'fault.contextId': 'context of the fault',
  'fault.allocHint': 'alloc_hint of the fault',
  'header.callId': 'call_id',
  'header.pfcFlags': 'pfc_flags',
  'header.drep': 'data representation',
};

/** What differs, in a few words. */
export function titleOf({ signature, path }: Difference): string {
  if (path !== null) return `${FIELD_WORDS[path] ?? path} differs`;
  if (signature.startsWith('reaction: ')) return 'what the host does differs';
  if (signature.startsWith('life: ')) return 'one of the hosts dies or hangs';
  return 'what the clauses say differs';
}

/** What differs, with what either host does. */
export function differenceWords(
  difference: Difference,
  names: readonly [string, string] = ['A', 'B'],
): string {
  const { path, a, b } = difference;
  const what = path === null ? '' : `${FIELD_WORDS[path] ?? path}: `;
  return `${what}${names[0]}: ${a}; ${names[1]}: ${b}`;
}
