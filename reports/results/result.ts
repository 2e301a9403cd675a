import { z } from 'zod';
import { LEVELS, OUTCOMES } from './levels';

export * from './levels';

export const levelSchema = z
  .enum(LEVELS)
  .describe('Who says so: a source (MUST, SHOULD), this project (DESIGN), or observation');
export const outcomeSchema = z
  .enum(OUTCOMES)
  .describe('What a check came to; what was not checked is never "passed"');

const natural = z.number().int().nonnegative();

export const evidenceFieldSchema = z
  .object({
    path: z.string().describe('Layout name of the field, such as kms.response.currentClientCount'),
    offset: natural.describe('Bytes from the start of `hex`'),
    length: natural.describe('Bytes'),
    value: z.string().describe('The decoded value as text'),
    title: z.string().optional().describe('What the field is, as its layout words it'),
    marked: z.boolean().optional().describe('True where this field is what the message is about'),
  })
  .meta({ id: 'EvidenceField' });

export const evidenceSchema = z
  .object({
    direction: z.enum(['sent', 'received']),
    pdu: z.string().describe('Kind of PDU, such as bind, request, response, fault; "bytes" for what is none'),
    hex: z
      .string()
      .regex(/^([0-9a-fA-F]{2})*$/, 'an even number of hexadecimal digits')
      .describe('The bytes as they went over the wire'),
    connection: natural.optional().describe('Which connection of the scenario, from 0'),
    at: z.string().optional().describe('When by the clock of the computer that ran it, ISO 8601 in UTC'),
    note: z.string().optional(),
    fields: z.array(evidenceFieldSchema).optional().describe('Which bytes are which field'),
  })
  .meta({ id: 'Evidence' });

export const attemptSchema = z
  .object({ outcome: outcomeSchema, message: z.string().optional(), durationMs: z.number().nonnegative() })
  .meta({ id: 'Attempt' });

export const resultSchema = z
  .object({
    id: z.string().min(1).describe('Requirement id, such as CNT-07: stable, never reused'),
    level: levelSchema,
    suite: z.string().describe('The part of the id before the dash'),
    title: z.string().describe('What the host does, as the catalogue words it'),
    source: z.string().describe('The clause it comes from'),
    outcome: outcomeSchema,
    required: z
      .boolean()
      .optional()
      .describe('True where it must be checked and hold, whatever its level: all but passed fails the run'),
    message: z.string().optional().describe('What went wrong'),
    reason: z.string().optional().describe('Why it was not checked, was excluded, or is in the baseline'),
    notes: z.array(z.string()).optional().describe('What was seen and does not decide the outcome'),
    durationMs: z.number().nonnegative(),
    repeat: z.string().optional().describe('The command line that does it again'),
    attempts: z.array(attemptSchema).optional().describe('Present where it was tried several times'),
    flaky: z.boolean().optional().describe('True where it failed in some attempts and held in others'),
    evidence: z.array(evidenceSchema).optional().describe('The exchange, in the order of the wire'),
    expected: z.string().optional(),
    received: z.string().optional(),
    field: z
      .object({
        path: z.string().describe('Layout path of the field, such as kms.response.requestTime'),
        expectedHex: z
          .string()
          .regex(/^([0-9a-fA-F]{2})*$/)
          .optional()
          .describe('The bytes that it should hold'),
      })
      .optional()
      .describe('The field of the last answer that the message is about'),
    failureClass: z
      .string()
      .optional()
      .describe(
        'What kind of failure this is, without the numbers of this run; derived from `message` where absent',
      ),
    baseline: z
      .enum(['as-known', 'changed', 'expired', 'fixed'])
      .optional()
      .describe('How this outcome stands to its baseline entry, where it has one'),
    ticket: z.string().optional().describe('Of the baseline entry'),
    expires: z.string().optional().describe('Of the baseline entry, as YYYY-MM-DD'),
  })
  .meta({ id: 'Result' });

/** One field of a piece of evidence: its name, bytes and value. */
export type EvidenceField = z.infer<typeof evidenceFieldSchema>;
/** An exchange that a result rests on, in bytes and in words. */
export type Evidence = z.infer<typeof evidenceSchema>;
/** One attempt at a requirement that was tried more than once. */
export type Attempt = z.infer<typeof attemptSchema>;
/** What became of one requirement. */
export type Result = z.infer<typeof resultSchema>;
