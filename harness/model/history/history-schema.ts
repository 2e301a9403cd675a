import { z } from 'zod';
import { HISTORY_SCHEMA } from './history';

/** As far from 1970 as dates go, ms: the time between two of them is a number too. */
const FARTHEST_MS = 8.64e15;

const milliseconds = z
  .number()
  .min(-FARTHEST_MS)
  .max(FARTHEST_MS)
  .describe('Milliseconds on any clock that all of the history shares');
const ends = {
  startMs: milliseconds.describe('When the client sent it, ms on any clock that all of the history shares'),
  endMs: milliseconds.describe('When its answer had come; ms on the same clock, not before the start'),
};

const requestSchema = z.strictObject({
  kind: z.literal('request'),
  ...ends,
  endMs: ends.endMs.nullable().describe('When its answer had come; null for an answer that never came'),
  applicationId: z.string().min(1).describe('Applications are counted apart'),
  clientMachineId: z.string().min(1).describe('CMID, or any name that stands for one machine'),
  requiredClientCount: z.number().int().min(0).max(0xffff_ffff).describe('N_Policy'),
  virtual: z.boolean().optional().describe('A virtual machine; physical without it'),
  count: z
    .number()
    .int()
    .min(0)
    .max(0xffff_ffff)
    .nullable()
    .describe('The count of the answer; null where it never came'),
});

const controlSchema = z.strictObject({
  kind: z.literal('control'),
  ...ends,
  control: z.enum(['reset', 'restart', 'advance']).describe('advance: the clock of the host was set forward'),
  advanceSeconds: z
    .number()
    .nonnegative()
    .max(FARTHEST_MS / 1000)
    .optional()
    .describe('By how much, for advance'),
});

/** What `check-history` reads. */
export const historySchema = z.strictObject({
  schema: z.literal(HISTORY_SCHEMA),
  start: z
    .enum(['empty', 'found'])
    .optional()
    .describe('What the host held before: nothing, or what nobody knows (found)'),
  events: z.array(z.discriminatedUnion('kind', [requestSchema, controlSchema])).describe('In any order'),
});
