import { createMac, LAB_KEY } from '../../../protocol/mac';
import { encodeResponse, type Mac } from '../../../protocol/message';
import { FAULT, HRESULT } from '../../../protocol/status';
import { encodeRefusalStub, encodeResponseStub } from '../../../protocol/stub';
import { reasonForCredentials } from '../bind-refusal';
import { CONFORMING_COUNTING } from '../counting-rules';
import { decide, isGranted } from '../decision';
import { negotiate } from '../negotiation';
import { readStub } from '../request-stub';
import type { Hooks } from './hooks';

/** The lab host signs with the published lab key, and with no other. */
export const labMac: Mac = createMac(LAB_KEY);

const nothing = (): void => {};

/** What a host without faults does. */
export const CONFORMING_HOOKS: Hooks = {
  ...CONFORMING_COUNTING,

  answer: (kms, message, caller) => kms.answerMessage(message, caller),
  decide,
  isGranted,
  refused: nothing,
  count: (counting, request, nowMs) => counting.grant(request, nowMs),
  decideCounted: () => HRESULT.ok,
  respond: (right) => right,
  encode: (response) => encodeResponse(response, labMac),
  started: nothing,
  observed: (right) => right,
  survivesRestart: ({ countSurvivesRestart }) => countSurvivesRestart,

  split: (stream, bytes) => stream.push(bytes),
  opened: nothing,
  left: nothing,
  malformed: nothing,
  negotiate,
  refuseCredentials: reasonForCredentials,
  grantContexts: (granted, accepted) => {
    for (const [contextId, syntax] of accepted) granted.set(contextId, syntax);
  },
  acknowledge: (body) => body,
  join: (joiner, pdu) => joiner.join(pdu),
  orphaned: nothing,
  call: (call) => call,
  dispatch: ({ body }, syntax) => {
    if (syntax === undefined) return FAULT.unknownInterface;
    return body.opnum === 0 ? syntax : FAULT.opRangeError;
  },
  readStub,
  results: ({ message, hresult }, encoding, extra) =>
    message === null
      ? encodeRefusalStub({ hresult }, encoding)
      : encodeResponseStub({ message, hresult, ...extra }, encoding),
  answerPdu: (answer) => answer,

  received: (connection, chunk) => connection.take(chunk),
  delayMs: () => 0,
  letsGo: () => true,
  gone: nothing,
  hasTurn: null,
};
