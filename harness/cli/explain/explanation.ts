import { z } from 'zod';
import { evidenceSchema, levelSchema, outcomeSchema } from '../../../reports/results/result';

const natural = z.number().int().nonnegative();
const sourceSchema = z.object({
  citation: z.string().describe('As the catalogue cites it'),
  title: z.string().optional().describe('What it is'),
});

const requirementSchema = z.object({
  id: z.string(),
  level: levelSchema,
  title: z.string().describe('Completes "the host …"; of DNS, "the domain …"'),
  sources: z.array(sourceSchema),
});

const exchangeSchema = z
  .array(evidenceSchema.extend({ words: z.string().describe('What the PDU says') }))
  .describe('PDU by PDU, in the order of the wire');

/** What `kmsspec explain` says of a requirement, as JSON. */
export const requirementExplanationSchema = z.object({
  schema: z.literal('kmsspec.explanation/1'),
  kind: z.literal('requirement'),
  requirement: requirementSchema,
  usually: z.string().optional().describe('What usually causes its failure'),
  needs: z.array(z.string()).describe('What a host and its configuration must give for it to be checked'),
  run: z
    .object({
      outcome: outcomeSchema,
      reason: z.string().optional().describe('Why it was not checked here'),
      seed: natural,
      keyGroup: z.string().optional().describe('Of the embedded lab host'),
      connections: natural,
      exchange: exchangeSchema,
      leftOut: z
        .object({ after: natural, turns: natural })
        .describe('How many turns are left out, and behind which PDU of the exchange, counted from 1'),
      notes: z.array(z.string()),
    })
    .optional()
    .describe('Its scenario against the embedded lab host; absent where there is none, or it takes minutes'),
  notRun: z.string().optional().describe('Why there is no run'),
  faults: z.array(
    z.object({
      name: z.string(),
      sentence: z.string(),
      repeat: z.string().describe('The command line that shows it'),
    }),
  ),
  repeat: z.string().describe('The command line that checks it'),
});

/** What it says of a finding. */
export const findingExplanationSchema = z.object({
  schema: z.literal('kmsspec.explanation/1'),
  kind: z.literal('finding'),
  finding: z.object({
    id: z.string(),
    oracle: z.string(),
    message: z.string(),
    expected: z.string(),
    received: z.string(),
    reproduced: z.boolean(),
    seed: z.number().int(),
    index: z.number().int(),
    requests: natural,
    shrunkFrom: natural,
    folder: z.string(),
  }),
  requirement: requirementSchema,
  sent: z
    .array(z.string())
    .describe('Step by step, with the fields and values that are not as clients have them'),
  exchange: exchangeSchema.describe('As it was recorded; what the finding is about is marked'),
  offending: z.array(natural).describe('Which of the exchange the finding is about, from 0'),
  repeat: z.array(z.string()).describe('Command lines that show it again'),
  cause: z.string().optional().describe('Id of the finding of the same cause that is simpler'),
  also: z
    .array(z.object({ id: z.string(), message: z.string() }))
    .describe('Findings beside it that are of the same cause'),
});

/** What it says of a difference between two hosts. */
export const differenceExplanationSchema = z.object({
  schema: z.literal('kmsspec.explanation/1'),
  kind: z.literal('difference'),
  difference: z.object({
    id: z.string(),
    title: z.string(),
    message: z.string().describe('As the report of kmsspec diff has it'),
    a: z.string().describe('What the first host did'),
    b: z.string().describe('What the second did'),
    index: z.number().int(),
    requests: natural,
    shrunkFrom: natural,
    folder: z.string(),
  }),
  hosts: z
    .array(z.object({ name: z.string(), address: z.string(), profile: z.string() }))
    .describe('Who was compared: A, B'),
  requirement: requirementSchema.optional().describe('The one that settles which of the two is right'),
  against: z.enum(['A', 'B']).optional().describe('The host that it is against'),
  sent: z.array(z.string()).describe('Step by step, to both alike'),
  captures: z.array(z.string()).describe('What went over the wire, a file for each host'),
  repeat: z.array(z.string()).describe('Command lines that show it again'),
  also: z
    .array(z.object({ id: z.string(), title: z.string() }))
    .describe('Differences beside it that the same conversation shows'),
});

export const explanationSchema = z.discriminatedUnion('kind', [
  requirementExplanationSchema,
  findingExplanationSchema,
  differenceExplanationSchema,
]);

export type RequirementExplanation = z.infer<typeof requirementExplanationSchema>;
export type FindingExplanation = z.infer<typeof findingExplanationSchema>;
export type DifferenceExplanation = z.infer<typeof differenceExplanationSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
export type ExplainedExchange = RequirementExplanation['run'] extends infer R
  ? NonNullable<R> extends { exchange: infer E }
    ? E
    : never
  : never;
