import { faultName, formatStatus } from '../../protocol';
import type { AssociationStory, Reason } from '../rpc/story';
import type { Connection } from '../tcp/connection';
import type { ConnectionLife } from '../tcp/connection-life';
import type { Attempt, AttemptStage } from './attempt';
import type { AttemptOutcome } from './outcomes';

/** What of an attempt the connection alone decides. */
export type Verdict = Pick<Attempt, 'outcome' | 'stage' | 'detail' | 'endedBy' | 'reason'>;

/** What is known when a connection is judged. */
export interface Circumstances {
  /** Seconds for which the capture went on after the last packet of the connection. */
  readonly quietSeconds: number;
  /** An ICMP message that says why the host cannot be reached. */
  readonly unreachable: Reason | null;
}

/** A request lives 15 seconds: a capture that ends sooner does not tell that it stays unanswered. */
const PATIENCE_SECONDS = 15;

/** What became of a connection that was to lead to a KMS host; null where all that was asked was answered, or too little is known. */
export function judge(connection: Connection, circumstances: Circumstances): Verdict | null {
  const { story, life } = connection;
  if (story !== null) {
    const verdict = judgeAssociation(story, life, circumstances);
    if (verdict !== undefined) return verdict;
  }
  if (life.payload > 0)
    return life.syns > 0 || story?.boundKms === true
      ? verdictOf('unread', 'bind', `${life.payload} bytes that are not in the capture, or hold no whole PDU`)
      : null;
  return life.syns > 0 ? judgeHandshake(life, circumstances) : null;
}

/** Undefined where what was read tells nothing. */
function judgeAssociation(
  story: AssociationStory,
  life: ConnectionLife,
  circumstances: Circumstances,
): Verdict | null | undefined {
  if (story.requests > 0) {
    if (story.requests > story.answers) return unanswered(story, life, circumstances);
    if (story.fault === null) return null;
    const reason = { code: story.fault, text: faultName(story.fault) };
    return verdictOf('fault', 'request', `fault ${formatStatus(reason.code)} ${reason.text}`, reason);
  }
  if (story.nak !== null)
    return verdictOf('bind-nak', 'bind', `reason ${story.nak.code}: ${story.nak.text}`, story.nak);
  if (story.refused !== null)
    return verdictOf(
      'context-refused',
      'bind',
      `reason ${story.refused.code}: ${story.refused.text}`,
      story.refused,
    );
  if (!story.boundKms && (story.otherInterface !== null || story.otherCalls > 0))
    return verdictOf('other-rpc', 'bind', otherRpc(story));
  if (story.foreign !== null)
    return verdictOf('not-rpc', 'connect', `begins with ${foreignText(story.foreign)}`);
  const unread = unreadOf(story);
  if (unread !== null) return verdictOf('unread', 'request', unread);
  if (!story.boundKms) return undefined;
  const bind = story.bindAnswered ? 'bound, then nothing was asked' : 'bind sent';
  return ended(
    story.bindAnswered ? 'closed' : 'bind-unanswered',
    'bind',
    bind,
    story.client,
    life,
    circumstances,
  );
}

/** What shows that something was asked, and cannot be read; null where nothing does. */
function unreadOf({
  boundKms,
  bindAnswered,
  answers,
  unread,
  unfinished,
  otherCalls,
}: AssociationStory): string | null {
  if (unfinished && boundKms) return 'a request of which not all fragments are in the capture';
  if (answers > 0 && otherCalls === 0)
    return `an answer, and no request: ${unread ?? 'what was asked is not in the capture'}`;
  return boundKms && bindAnswered && unread !== null ? `bound, then ${unread}` : null;
}

function unanswered(story: AssociationStory, life: ConnectionLife, circumstances: Circumstances): Verdict {
  const open = story.requests - story.answers;
  const count = story.requests === 1 ? 'request sent' : `${open} of ${story.requests} requests`;
  return ended('no-answer', 'request', `${count} without an answer`, story.client, life, circumstances);
}

function otherRpc({ otherInterface, otherCalls }: AssociationStory): string {
  if (otherInterface !== null) return `interface ${otherInterface}`;
  return otherCalls === 1 ? 'a call that is no KMS request' : `${otherCalls} calls that are no KMS requests`;
}

/** Text where it is some, else hex. */
function foreignText(octets: Buffer): string {
  const text = octets.toString('latin1');
  return /^[\x20-\x7e]{3,}/.test(text)
    ? JSON.stringify(text.replace(/[^\x20-\x7e].*/s, ''))
    : octets.toString('hex');
}

/** Connections without payload that began in the capture. */
function judgeHandshake(life: ConnectionLife, circumstances: Circumstances): Verdict {
  const { resetBy, closedBy, accepted } = life;
  if (!accepted) {
    const { unreachable } = circumstances;
    if (unreachable !== null)
      return verdictOf('unreachable', 'connect', `ICMP: ${unreachable.text}`, unreachable);
    if (resetBy === 1)
      return { ...verdictOf('refused', 'connect', `RST to ${synText(life)}`), endedBy: 'host' };
    return verdictOf('syn-unanswered', 'connect', synText(life));
  }
  if (resetBy === 0 || (closedBy === 0 && resetBy < 0))
    return { ...verdictOf('probe', 'connect', 'connected and closed, no byte sent'), endedBy: 'client' };
  return ended('silent', 'connect', 'connected, no byte sent', 0, life, circumstances);
}

function synText({ syns, startedNs, lastSynNs }: ConnectionLife): string {
  if (syns === 1) return '1 SYN';
  return `${syns} SYNs in ${(Number(lastSynNs - startedNs) / 1e9).toFixed(1)} s`;
}

/** How what was begun came to its end: by a reset, by a FIN, by the end of the capture, or not at all. */
function ended(
  otherwise: AttemptOutcome,
  stage: AttemptStage,
  what: string,
  client: -1 | 0 | 1,
  life: ConnectionLife,
  { quietSeconds }: Circumstances,
): Verdict {
  const { resetBy, closedBy } = life;
  const sideOf = (end: number): 'client' | 'host' => (end === (client === 1 ? 1 : 0) ? 'client' : 'host');
  const reset = resetBy >= 0 ? sideOf(resetBy) : null;
  const closed = closedBy >= 0 ? sideOf(closedBy) : null;
  // A client that gives up resets: what it waited for is the finding.
  if (reset === 'host' || (reset === 'client' && otherwise === 'closed'))
    return { ...verdictOf('reset', stage, `${what}; reset by the ${reset}`), endedBy: reset };
  if (closed === 'host')
    return { ...verdictOf('closed', stage, `${what}; closed by the host`), endedBy: closed };
  const side = closed ?? reset;
  if (side !== null)
    return { ...verdictOf(otherwise, stage, `${what}; closed by the ${side}`), endedBy: side };
  if (quietSeconds >= PATIENCE_SECONDS)
    return verdictOf(
      otherwise === 'closed' ? 'silent' : otherwise,
      stage,
      `${what}; silent for ${Math.round(quietSeconds)} s`,
    );
  return {
    ...verdictOf('cut', stage, `${what}; the capture ends ${quietSeconds.toFixed(1)} s later`),
    endedBy: 'capture',
  };
}

function verdictOf(
  outcome: AttemptOutcome,
  stage: AttemptStage,
  detail: string,
  reason: Reason | null = null,
): Verdict {
  return { outcome, stage, detail, endedBy: null, reason };
}
