import { describeReply, type Reaction } from '../../harness/jobs/suite/host/reply';
import { hintOnReply } from '../../harness/jobs/suite/wording/hints';
import { faultName, formatStatus, hresultName } from '../../protocol';
import { Deviation } from './deviation';

/** A response with a count, where the host may also have refused, faulted or closed. @throws Deviation */
export function expectGranted(reaction: Reaction, subject?: string): void {
  if (reaction.kind !== 'granted') deviates(reaction, 'a response with a count', subject);
}

/** Anything that grants nothing: a fault, a refusal, a close. @throws Deviation */
export function expectNoGrant(reaction: Reaction, subject?: string): void {
  if (reaction.kind === 'granted') deviates(reaction, 'a fault, a refusal or a close, and no grant', subject);
}

/** A fault PDU, with that status where one is given. @throws Deviation */
export function expectFault(reaction: Reaction, status?: number, subject?: string): void {
  const fits = reaction.kind === 'fault' && (status === undefined || reaction.status === status);
  const wanted =
    status === undefined ? 'a fault' : `the fault ${formatStatus(status)} (${faultName(status)})`;
  if (!fits) deviates(reaction, wanted, subject);
}

/** An HRESULT instead of a message, that one where one is given. @throws Deviation */
export function expectRefusal(reaction: Reaction, hresult?: number, subject?: string): void {
  const fits = reaction.kind === 'refused' && (hresult === undefined || reaction.status === hresult);
  const wanted =
    hresult === undefined
      ? 'a refusal (an HRESULT)'
      : `the refusal ${formatStatus(hresult)} (${hresultName(hresult)})`;
  if (!fits) deviates(reaction, wanted, subject);
}

function deviates(reaction: Reaction, expected: string, subject: string | undefined): never {
  const hint = reaction.kind === 'granted' || reaction.kind === 'nothing' ? undefined : hintOnReply(reaction);
  throw new Deviation({
    ...(subject === undefined ? {} : { subject }),
    expected,
    received: describeReply(reaction),
    hint,
  });
}
