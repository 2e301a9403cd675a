import type { PduOf } from '../../../protocol';
import { die } from './deadly-message';
import type { FaultSet } from './faults';

/** What an association has seen before a call. */
export interface CallHistory {
  readonly calls: number;
  readonly hadFault: boolean;
}

/**
 * What a call meets in a host with faults before it is answered: the call as the host reads it, or why it is not answered.
 * @throws HostDeath
 */
export function meetCall(
  call: PduOf<'request'>,
  { calls, hadFault }: CallHistory,
  faults: FaultSet,
): PduOf<'request'> | 'deaf' | 'reset' {
  if (call.body.objectUuid !== undefined) die('dies-of-object-uuid', faults);
  if (hadFault) die('dies-of-its-fault', faults);
  if (faults.has('one-call-then-deaf') && calls > 0) return 'deaf';
  if (faults.has('deaf-after-fault') && hadFault) return 'deaf';
  if (faults.has('resets-second-call') && calls > 0) return 'reset';
  return resizeToAllocHint(call, faults);
}

/** A call as hosts read it that believe in alloc_hint, which is a hint. */
function resizeToAllocHint(call: PduOf<'request'>, faults: FaultSet): PduOf<'request'> {
  const { allocHint, stub } = call.body;
  if (faults.has('refuses-alloc-hint-zero') && allocHint === 0) return withStub(call, new Uint8Array(0));
  if (faults.has('trusts-alloc-hint')) return withStub(call, stub.subarray(0, allocHint));
  return call;
}

const withStub = (call: PduOf<'request'>, stub: Uint8Array): PduOf<'request'> => ({
  ...call,
  body: { ...call.body, stub },
});
