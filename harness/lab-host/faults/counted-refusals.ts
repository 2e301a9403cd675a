import { isVersion4Request } from '../decision';
import { MAX_N_POLICY } from '../../model/decide-grant';
import { APPLICATIONS, HRESULT, REQUEST_SIZE } from '../../../protocol';
import type { Refusal } from '../hooks/service-hooks';
import { fault, type Override } from './fault';
import { CMID_END, countAnyway } from './message-bytes';

/** Counts a client though it is refused. */
export const countingRefused =
  (isMet: (refusal: Refusal) => boolean): Override =>
  ({ refused }) => ({
    refused: (refusal, kms) => {
      refused(refusal, kms);
      if (isMet(refusal)) kms.count(refusal.request, refusal.caller);
    },
  });

/** Counts what is no version 4.0 request. */
const countingMalformed =
  (isMet: (message: Uint8Array) => boolean): Override =>
  ({ malformed }) => ({
    malformed: (problem, kms) => {
      malformed(problem, kms);
      if (problem.kind === 'message' && isMet(problem.message))
        countAnyway(problem.message, kms, problem.caller);
    },
  });

/** Faults of counting those who get no answer to it. */
export const COUNTED_REFUSAL_FAULTS = [
  fault({
    name: 'counts-refused',
    sentence: 'It counts clients that it refuses.',
    requirements: ['CNT-13', 'KEY-08'],
    keyGroup: '2008-b',
    override: countingRefused(() => true),
  }),
  fault({
    name: 'counts-huge-required-count',
    sentence: 'It counts a client whose N_Policy it refuses.',
    requirements: ['CNT-13'],
    override: countingRefused(({ request }) => request.requiredClientCount > MAX_N_POLICY),
  }),
  fault({
    name: 'counts-refused-product',
    sentence: 'It counts clients whose product it refuses.',
    requirements: ['KEY-08'],
    keyGroup: '2008-b',
    override: countingRefused(({ hresult }) => hresult === HRESULT.productNotOffered),
  }),
  fault({
    name: 'counts-short-message',
    sentence: 'It counts what has a CMID, though the message is cut.',
    requirements: ['ROB-07'],
    override: countingMalformed(({ length }) => length >= CMID_END && length < REQUEST_SIZE),
  }),
  fault({
    name: 'counts-malformed-as-windows',
    sentence: 'It counts what has a CMID among the machines of Windows, though the message is cut.',
    requirements: ['CNT-13'],
    override: ({ malformed }) => ({
      malformed: (problem, kms) => {
        malformed(problem, kms);
        if (problem.kind !== 'message' || problem.message.length >= REQUEST_SIZE) return;
        countAnyway(problem.message, kms, problem.caller, { applicationId: APPLICATIONS.windows });
      },
    }),
  }),
  fault({
    name: 'counts-other-versions',
    sentence: 'It counts clients of versions that it refuses.',
    requirements: ['ROB-08'],
    override: countingMalformed((message) => message.length === REQUEST_SIZE && !isVersion4Request(message)),
  }),
] as const;
