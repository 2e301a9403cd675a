import { expect } from 'chai';
import { expectHeader, refused } from '../answers';
import { DENIED, DONE } from '../conversation';
import { bind, type Context, context, credentials, features, NDR32, NO_INTERFACE } from '../octets';
import { PTYPE, request, type Syntax, ZERO, zeros } from '../octets';
import { family, type Play, type Rows } from '../row';

const offering = (asks: Syntax, ...syntaxes: Syntax[]): Context => ({ id: 0, syntaxes, asks });

/** One context, no real interface beside it, and what it comes to. */
const comesTo =
  ([offered, result, reason]: readonly [Context, number, number]): Play =>
  async (talk) => {
    talk.send(bind({ contexts: [offered] }));
    const ack = await talk.answer();
    expectHeader(ack, PTYPE.bindAck, 0);
    expect(ack.results).to.deep.equal([refused(result, reason)]);
  };

const bindsWith =
  (level: number, reason: number): Play =>
  async (talk) => {
    talk.send(bind({ trailer: credentials(1, level) }));
    await talk.isRefused(reason);
  };

const callsWith =
  (trailer: readonly number[]): Play =>
  async (talk) => {
    await talk.bound();
    await talk.callWorks();
    talk.send(request({ trailer }));
    await talk.isFaulted(DENIED, 1, DONE);
  };

export const FEATURES: Rows = {
  ...family(
    {
      'features-none': [offering(NO_INTERFACE, features(0)), 3, 0],
      'features-orphan': [offering(NO_INTERFACE, features(2)), 3, 2],
      'features-none-rest-ignored': [offering(NO_INTERFACE, features(0), features(2), ZERO), 3, 0],
      'features-orphan-rest-ignored': [offering(NO_INTERFACE, features(2), features(1), ZERO), 3, 2],
      'features-security-rest-ignored': [offering(NO_INTERFACE, features(1), features(2), ZERO), 3, 1],
      'features-not-first': [offering(NO_INTERFACE, ZERO, features(2), features(1), ZERO), 2, 1],
    } as const,
    comesTo,
  ),
  'features-twice': async (talk) => {
    talk.send(bind({ contexts: [context(1, NDR32), context(2, features(1)), context(3, features(2))] }));
    await talk.isRefused(0);
  },
};

export const CREDENTIALS: Rows = {
  ...family(
    Object.fromEntries([2, 3, 4, 5, 6].map((level) => [`auth-bind-level-${level}`, level])),
    (level) => bindsWith(level, 8),
  ),
  ...family(Object.fromEntries([0, 1, 7, 255].map((level) => [`auth-bind-level-${level}`, level])), (level) =>
    bindsWith(level, 0),
  ),
  ...family(
    Object.fromEntries([1, 2, 3, 4].map((level) => [`auth-request-level-${level}`, level])),
    (level) => callsWith(credentials(0, level)),
  ),
  'auth-request-level-0': callsWith(credentials(0, 0, zeros(16))),
};
