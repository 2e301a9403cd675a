import { CLIENT_THRESHOLD, REQUEST_SIZE, SERVER_THRESHOLD } from '../../../protocol';
import { MAX_N_POLICY } from '../../model/decide-grant';
import type { Override } from '../faults/fault';
import { habit } from './habit';

/** Gives a machine that asks for no threshold the places of one that does. */
const zeroPolicyAs =
  (threshold: number): Override =>
  ({ wantedCapacity }) => ({
    wantedCapacity: (request) =>
      request.requiredClientCount === 0 ? 2 * threshold : wantedCapacity(request),
  });

/** Where sources leave open what a host makes of a request. */
export const REQUEST_HABITS = [
  habit({
    name: 'grants-long-messages',
    sentence: 'It reads a message that is longer than 252 bytes as far as it needs, and grants it.',
    override: ({ answer }) => ({
      answer: (kms, message, caller) => answer(kms, message.subarray(0, REQUEST_SIZE), caller),
    }),
  }),
  habit({
    name: 'makes-10-places-for-policy-0',
    sentence: 'It makes as many places for an N_Policy of 0 as for a server.',
    override: zeroPolicyAs(SERVER_THRESHOLD),
  }),
  habit({
    name: 'makes-50-places-for-policy-0',
    sentence: 'It makes as many places for an N_Policy of 0 as for a client system.',
    override: zeroPolicyAs(CLIENT_THRESHOLD),
  }),
  habit({
    name: 'grants-policies-over-1000',
    sentence: 'It grants an N_Policy over 1000, and makes 2000 places for it.',
    override: ({ decide, wantedCapacity }) => ({
      decide: (request, ...rest) =>
        decide(
          request.requiredClientCount > MAX_N_POLICY
            ? { ...request, requiredClientCount: MAX_N_POLICY }
            : request,
          ...rest,
        ),
      wantedCapacity: (request) => Math.min(wantedCapacity(request), 2 * MAX_N_POLICY),
    }),
  }),
];
