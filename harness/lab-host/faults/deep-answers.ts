import { filetimeFromUnixMs, MAX_EPID_SIZE } from '../../../protocol';
import { withCallId } from './calls';
import { deepFault } from './fault';
import { ePidText, nameBytes } from './message-bytes';
import { inResponses } from './overrides';
import { withStaleTail } from './response-secrets';

const UNIX_EPOCH = filetimeFromUnixMs(0);
/** Bytes of a workstation name that is too long for the buffer. */
const LONG_NAME = 120;

/** Faults of a host that answers wrongly, tells too much, or never lets go, by a coincidence. */
export const DEEP_ANSWER_FAULTS = [
  deepFault({
    name: 'call-id-low-byte',
    sentence: 'It answers a call_id whose low byte is ff with the next one.',
    deep: 'conforms',
    override: withCallId((callId) => ((callId & 0xff) === 0xff ? (callId + 1) >>> 0 : callId)),
  }),
  deepFault({
    name: 'time-before-1970',
    sentence: 'It returns 1970 for client times before it.',
    deep: 'conforms',
    override: inResponses(({ requestTime }) => (requestTime < UNIX_EPOCH ? { requestTime: UNIX_EPOCH } : {})),
  }),
  deepFault({
    name: 'epid-grows-with-name',
    sentence: 'It sends an overlong ePID to names of 60 characters and more.',
    deep: 'conforms',
    override: inResponses((right, request) =>
      nameBytes(request).length >= LONG_NAME
        ? { ePid: ePidText(right).padEnd(MAX_EPID_SIZE / 2 + 8, '0') }
        : {},
    ),
  }),
  deepFault({
    name: 'context-id-after-alter',
    sentence: 'It answers in the context of the bind after an alter_context.',
    deep: 'conforms',
    override: ({ answerPdu }) => ({
      answerPdu: (right, call, association) => {
        const answer = answerPdu(right, call, association);
        const contextId = association.contextBeforeAlter ?? answer.body?.contextId;
        return { ...answer, body: { ...answer.body, contextId } } as typeof answer;
      },
    }),
  }),
  deepFault({
    name: 'leaks-name-after-malformed',
    sentence: 'It sends the last name behind the ePID after a malformed request.',
    deep: 'leak',
    override: ({ respond, malformed }) => {
      let stale: Uint8Array = new Uint8Array(0);
      let isTainted = false;
      return {
        respond: (right, request) => {
          const response = respond(right, request);
          const ePid = isTainted ? withStaleTail(ePidText(response), stale) : response.ePid;
          stale = nameBytes(request);
          isTainted = false;
          return { ...response, ePid };
        },
        malformed: (problem, kms) => {
          isTainted = true;
          malformed(problem, kms);
        },
      };
    },
  }),
  deepFault({
    name: 'leaks-orphaned-connection',
    sentence: 'It never lets go of a connection that sent orphaned.',
    deep: 'release',
    override: ({ orphaned, letsGo }) => {
      const orphans = new WeakSet<object>();
      return {
        orphaned: (association, joiner) => {
          orphans.add(association);
          orphaned(association, joiner);
        },
        letsGo: (association, why) => !orphans.has(association) && letsGo(association, why),
      };
    },
  }),
] as const;
