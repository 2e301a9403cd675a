import { z } from 'zod';
import { evidenceSchema, levelSchema } from './result';

const natural = z.number().int().nonnegative();

/** What a fuzz campaign or a comparison of two hosts found: one group of cases that show the same, by its shortest sequence. */
export const findingSchema = z
  .object({
    id: z.string().min(1),
    oracle: z.string().describe('What saw it, such as alive, in-time, count, conforms, leak, released'),
    title: z.string(),
    requirement: z.string().optional().describe('Id of the requirement that it breaks'),
    level: levelSchema
      .optional()
      .describe('Of the requirement: whether it decides; one without a level does'),
    source: z.string().optional().describe('The clause, as the catalogue has it'),
    sent: z.array(z.string()).optional().describe('What was sent, in words, step by step'),
    also: z
      .array(z.string())
      .optional()
      .describe('Ids of findings of the same cause, which this one stands for'),
    cause: z.string().optional().describe('Id of the finding that stands for this one'),
    message: z.string(),
    state: z
      .enum(['new', 'still-failing', 'fixed', 'flaky', 'known'])
      .describe('`known`: a baseline knows it, and it decides nothing'),
    reason: z.string().optional().describe('Why it is known, as the baseline says'),
    seed: z.number().int(),
    path: z.string().optional().describe('Where in the seed’s cases, for fast-check'),
    requests: natural.describe('Length of the shrunk sequence'),
    shrunkFrom: natural.optional(),
    cases: natural.optional().describe('How many cases fell into this group'),
    folder: z.string().optional().describe('Where finding.json and reproduce.pcapng lie'),
    repeat: z.string(),
    expected: z.string().optional(),
    received: z.string().optional(),
    evidence: z.array(evidenceSchema).optional(),
  })
  .meta({ id: 'Finding' });

/** Something that fuzzing or a comparison of hosts found, with the case that shows it. */
export type Finding = z.infer<typeof findingSchema>;
