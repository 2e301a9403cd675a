import { guid, kmsRequest, pduHeader, requestBody, requestStub, u32 } from '../../../protocol';
import { type AskStep, GOOD_ASK } from '../case';
import { changesArbitrary } from './change-arbitrary';
import { fieldArbitrary } from './field-arbitrary';
import { MACHINES } from './identity-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

const anyGuid = fieldArbitrary(guid('any'), 'valid') as Drawn<string>;
const boundaryU32 = fieldArbitrary(u32('any'), 'boundary') as Drawn<number>;

const nothing = drawn.constant(null);

export const rarely = <T>(arbitrary: Drawn<T>, oneIn: number): Drawn<T | null> =>
  drawn.oneof({ weight: oneIn - 1, arbitrary: nothing }, { weight: 1, arbitrary });

export type AskParts = { readonly [K in keyof AskStep]: Drawn<AskStep[K]> };

/** What of a good request is drawn. */
const DRAWN: Partial<AskParts> = {
  server: drawn.boolean(),
  syntax: drawn.constantFrom('ndr32' as const, 'ndr64' as const),
  callId: drawn.oneof(drawn.integer({ min: 1, max: 1000 }), boundaryU32),
};

/**
 * A good request, parts of which a level replaces by something less good. It draws what `drawn.record` would, and makes no values
 * of what never varies: a case is made for each that is sent.
 */
export function ask(parts: Partial<AskParts>): Drawn<AskStep> {
  const varied = { ...DRAWN, ...parts };
  const names = (Object.keys(GOOD_ASK) as (keyof AskStep)[]).filter((name) => varied[name] !== undefined);
  const arbitraries = names.map((name): Drawn<unknown> => varied[name]!);
  // `drawn.record` draws whether its object has a prototype: cases of a seed stay what they were.
  return drawn.tuple(...arbitraries, drawn.boolean()).map((values) => {
    const step: Record<string, unknown> = { ...GOOD_ASK };
    for (let i = 0; i < names.length; i++) step[names[i]!] = values[i];
    return step as unknown as AskStep;
  });
}

/** CMIDs and AppIDs are the case's, so that cases stay apart; the MAC is signed. */
const KEPT_FIELDS = ['clientMachineId', 'applicationId', 'mac'];
export const messageChanges = (min: number, max: number) =>
  changesArbitrary(kmsRequest, min, max, { except: KEPT_FIELDS });

export const messageAsk = ask({
  message: messageChanges(1, 3),
  previous: rarely(drawn.nat(MACHINES - 1), 6),
});

export const stubAsk = ask({
  stub: changesArbitrary(requestStub, 0, 2, { except: ['message'] }),
  messageSize: drawn.oneof(
    nothing,
    drawn.integer({ min: 0, max: 300 }),
    drawn.constantFrom(0, 4, 235, 236, 251, 253),
  ),
});

/** frag_length and auth_length may lie; the version and the type too. */
export const pduAsk = ask({
  header: changesArbitrary(pduHeader, 0, 2, { except: ['callId', 'drep'] }),
  body: changesArbitrary(requestBody, 0, 2, { except: ['stub'] }),
  objectUuid: rarely(anyGuid, 5),
  bigEndian: drawn.oneof(
    { weight: 3, arbitrary: drawn.constant(false) },
    { weight: 1, arbitrary: drawn.constant(true) },
  ),
});

export const cutsArbitrary = drawn.oneof(
  // Where a field or a part ends is where joining goes wrong.
  drawn.constantFrom([16], [24], [32], [1], [15], [17], [16, 24], [283]),
  drawn.array(drawn.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
);

export const segmentsAsk = ask({ cuts: cutsArbitrary });
export const fragmentsAsk = ask({
  fragmentSize: drawn.oneof(drawn.integer({ min: 8, max: 300 }), drawn.constantFrom(1, 8, 128, 259, 260)),
});
