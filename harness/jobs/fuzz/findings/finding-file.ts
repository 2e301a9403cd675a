import { z } from 'zod';
import { fit } from '../../../../reports/results/bounded-json';
import { evidenceSchema } from '../../../../reports/results/result';
import { casesSchema } from '../../../cases/case-schema';
import { whatCannotBeSent } from '../../../cases/conduct/can-be-sent';
import { sealedText, unseal, wrong } from '../../../cases/sealed-json';
import { CLAUSES } from '../../../cases/judge/clauses';
import { ORACLES } from '../../../cases/judge/violation';
import { type Finding, findingToJson } from './finding';

export const FINDING_SCHEMA = 'kmsspec.finding/2';

const text = z.string().max(10_000);
const natural = z.number().int().nonnegative();

/** A finding as it lies in a file or in a line of a journal. */
export const findingSchema = z
  .object({
    id: z.string().regex(/^[a-z-]+-[0-9a-f]{8}$/),
    ...{ oracle: z.enum(ORACLES), clause: z.enum(CLAUSES), differs: text, message: text },
    ...{ expected: text, received: text, reproduced: z.boolean(), cases: casesSchema },
    ...{ features: z.array(text).max(1000), seed: z.number().int(), index: z.number().int() },
    ...{ requests: natural, shrunkFrom: natural },
  })
  .superRefine(({ cases }, context) => {
    const problem = whatCannotBeSent(cases);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  }) satisfies z.ZodType<Finding>;

const fileSchema = z.object({
  schema: z.literal(FINDING_SCHEMA),
  target: z.unknown(),
  repeat: z.array(text).max(10),
  evidence: z.array(evidenceSchema).max(1000),
});

/** What lies in `finding.json`. */
export interface FindingFile {
  readonly finding: Finding;
  readonly repeat: readonly string[];
  readonly evidence: readonly z.infer<typeof evidenceSchema>[];
}

/** The text of `finding.json`; its digest tells whether it is still what was found. */
export const findingFileText = (finding: Finding, beside: Readonly<Record<string, unknown>>): string =>
  sealedText({ schema: FINDING_SCHEMA, ...findingToJson(finding), ...beside });

export type ReadFinding =
  | { readonly kind: 'read'; readonly file: FindingFile }
  | { readonly kind: 'wrong'; readonly problem: string };

/** Reads `finding.json`, whatever it holds. */
export function readFindingFile(text: string): ReadFinding {
  const file = unseal(text, fileSchema);
  if (file.kind === 'wrong') return file;
  const inner = fit(findingSchema, file.content);
  if ('misfit' in inner) return wrong(inner.misfit);
  const { repeat, evidence } = file.head;
  return { kind: 'read', file: { finding: inner.data, repeat, evidence } };
}
