import { z } from 'zod';
import { isGuid } from '../../protocol';
import { CASE_LEVELS, type FuzzCase } from './case';
import { VALUE_MODES } from './generate/field-arbitrary';

/** Bounds of what a case from a file may ask for: far beyond what the fuzzer makes, and nothing that takes for ever. */
const MOST = { steps: 1000, cases: 1000, burst: 256, walk: 4000, bytes: 1 << 20, seconds: 3_650 * 86_400 };

const whole = (max: number) => z.number().int().min(0).max(max);
const u32 = whole(0xffffffff);
const hex = z.strictObject({
  $hex: z
    .string()
    .regex(/^([0-9a-f]{2})*$/)
    .max(2 * MOST.bytes),
});
const bigint = z.strictObject({ $bigint: z.string().regex(/^-?\d{1,40}$/) });
const guid = z.string().refine(isGuid, 'expected a GUID');

/** A value of a field: numbers are finite, bytes and bigints are marked; lists and objects hold more of the same. */
const value: z.ZodType<unknown> = z.lazy(() =>
  z.union([
    z.number(),
    z.string().max(MOST.bytes),
    z.boolean(),
    z.null(),
    hex,
    bigint,
    z.array(value).max(1000),
    z
      .record(z.string(), value)
      .refine((one) => !('$hex' in one) && !('$bigint' in one), 'expected hex digits or an integer'),
  ]),
);
const changes = z
  .array(z.strictObject({ field: z.string().max(60), mode: z.enum(VALUE_MODES), value }))
  .max(50);
const cuts = z.array(whole(MOST.bytes)).max(1000);
const on = whole(1000);
const machine = whole(255);
const application = z.union([z.literal(0), z.literal(1)]);
const syntax = z.enum(['ndr32', 'ndr64']);
const policy = u32.nullable();

const step = z.discriminatedUnion('kind', [
  z.strictObject({
    ...{ kind: z.literal('ask'), on, machine, application, server: z.boolean(), message: changes },
    ...{ previous: machine.nullable(), syntax, callId: u32, stub: changes, header: changes, body: changes },
    messageSize: whole(MOST.bytes).nullable(),
    objectUuid: guid.nullable(),
    bigEndian: z.boolean(),
    fragmentSize: z.number().int().min(1).max(0xffff).nullable(),
    cuts,
  }),
  z.strictObject({
    ...{ kind: z.literal('pieces'), on, machine, application, callId: u32 },
    pieces: z
      .array(
        z.strictObject({
          ...{ first: z.boolean(), last: z.boolean(), size: whole(0xff00), callIdOffset: application },
          instead: z.enum(['orphaned', 'co_cancel']).nullable(),
        }),
      )
      .max(1000),
  }),
  z.strictObject({
    ...{ kind: z.literal('raw'), on, bytes: hex, cuts, bound: z.boolean(), mode: z.enum(VALUE_MODES) },
    ...{ what: z.string().max(100), held: z.literal(true).optional() },
  }),
  z.strictObject({
    ...{ kind: z.literal('bind'), on, contextId: whole(0xffff), syntax, features: z.boolean() },
    ...{ body: changes, groupOf: on.optional() },
  }),
  z.strictObject({
    ...{ kind: z.literal('close'), on, how: z.enum(['fin', 'reset']) },
    after: whole(MOST.bytes).nullable(),
  }),
  z.strictObject({
    ...{ kind: z.literal('burst'), count: z.number().int().min(1).max(MOST.burst), server: z.boolean() },
    ...{ requiredClientCount: policy, application, machine: machine.optional() },
  }),
  z.strictObject({
    ...{ kind: z.literal('walk'), count: z.number().int().min(1).max(MOST.walk), server: z.boolean() },
    application,
  }),
  z.strictObject({ kind: z.literal('advance'), seconds: z.number().min(0).max(MOST.seconds) }),
  z.strictObject({ kind: z.literal('restart') }),
]);

const fuzzCase = z.strictObject({
  level: z.enum(CASE_LEVELS),
  applications: z.tuple([guid, guid]),
  machines: z.array(guid).min(1).max(256),
  canary: u32,
  steps: z.array(step).max(MOST.steps),
});

/** The cases of a file, as JSON has them: bytes and bigints are marked there. */
export const casesSchema = z.array(fuzzCase).max(MOST.cases).transform(unmarkedCases);

/** What the schema has looked at, with bytes and bigints for their marks. */
function unmarkedCases(cases: readonly z.infer<typeof fuzzCase>[]): readonly FuzzCase[] {
  return cases.map((one) => unmarked(one) as FuzzCase);
}

function unmarked(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(unmarked);
  if (typeof json !== 'object' || json === null) return json;
  if ('$bigint' in json) return BigInt(String(json.$bigint));
  if ('$hex' in json) return Buffer.from(String(json.$hex), 'hex');
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, unmarked(part)]));
}
