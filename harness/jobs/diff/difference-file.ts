import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fit } from '../../../reports/results/bounded-json';
import { caseToJson } from '../../cases/case';
import { casesSchema } from '../../cases/case-schema';
import { whatCannotBeSent } from '../../cases/conduct/can-be-sent';
import { sealedText, unseal, wrong } from '../../cases/sealed-json';
import { wordsOf } from '../../cases/words';
import { readAtMost } from '../../support/read-at-most';
import { UsageError } from '../../support/usage-error';
import { clauseOf, type FoundDifference } from './found';
import { titleOf } from './words';
import { whyUnreadable } from '../../support/why-unreadable';

export const DIFFERENCE_SCHEMA = 'kmsspec.difference/1';
/** No difference is as large. */
const MAX_BYTES = 64 << 20;

/** How a difference was looked at: so it shows again. */
export interface HowItShowed {
  /** What was not looked at. */
  readonly ignored: readonly string[];
}

/** A difference as it is read back: what clauses say of it, asking again tells. */
export type SavedDifference = Omit<FoundDifference, 'broken'> & HowItShowed;

/** What a file says beside the conversation: who was compared, what the report said of it, and the line that shows it again. */
export interface ToldDifference {
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly profile: string }[];
  /** As the report has it. */
  readonly message: string;
  readonly repeat: string;
}

/** The text of `difference.json`: in words, and as data. */
export function differenceFileText(found: FoundDifference & HowItShowed, told: ToldDifference): string {
  const { id, difference, cases, features, requests, shrunkFrom, index, broken } = found;
  const { ignored, isOfApplications, greatest } = found;
  return sealedText({
    schema: DIFFERENCE_SCHEMA,
    ...{ id, title: titleOf(difference), sent: wordsOf(cases), ...difference },
    ...{ clause: clauseOf(found) ?? null, against: broken?.by ?? null, ...told },
    ...{ requests, shrunkFrom, greatest, index, features, ignored, isOfApplications },
    cases: cases.map(caseToJson),
  });
}

const text = z.string().max(10_000);
/** What either host sent: as much as goes into a PDU, in hexadecimal. */
const sent = z.string().max(200_000);
const natural = z.number().int().nonnegative();
/** What older versions did not write is left out. */
const toldSchema = z.object({
  hosts: z.array(z.object({ name: text, address: text, profile: text })).max(2),
  message: z.string().max(500_000).optional(),
  repeat: text,
  clause: z.string().nullable(),
  against: z.enum(['A', 'B']).nullable(),
});
const headSchema = z.object({ schema: z.literal(DIFFERENCE_SCHEMA) });
const contentSchema = z
  .object({
    id: z.string().regex(/^differs-[0-9a-f]{8}$/),
    ...{ signature: text, path: text.nullable(), step: natural.nullable(), a: sent, b: sent },
    ...{ requests: natural, shrunkFrom: natural, index: z.number().int(), cases: casesSchema },
    greatest: z.tuple([natural, natural]).nullable(),
    ...{ features: z.array(text).max(1000), ignored: z.array(text).max(1000), isOfApplications: z.boolean() },
  })
  .superRefine(({ cases }, context) => {
    const problem = whatCannotBeSent(cases);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** The same as it is read back, with the clause that was broken, and by whom. */
export type ReadTold = z.infer<typeof toldSchema>;

export type ReadDifference =
  | { readonly kind: 'read'; readonly saved: SavedDifference; readonly told: ReadTold }
  | { readonly kind: 'wrong'; readonly problem: string };

/** Reads `difference.json`, whatever it holds. */
export function readDifferenceFile(content: string): ReadDifference {
  const file = unseal(content, headSchema);
  if (file.kind === 'wrong') return file;
  const inner = fit(contentSchema, file.content);
  if ('misfit' in inner) return wrong(inner.misfit);
  const told = fit(toldSchema, file.content);
  if ('misfit' in told) return wrong(told.misfit);
  const { signature, path, step, a, b, ...rest } = inner.data;
  return { kind: 'read', saved: { ...rest, difference: { signature, path, step, a, b } }, told: told.data };
}

/**
 * Reads a saved difference.
 * @param place its folder, or its file
 * @throws UsageError where there is none, or its file is damaged
 */
export async function loadDifference(place: string): Promise<SavedDifference & { readonly told: ReadTold }> {
  let file = place;
  let content: string;
  try {
    if ((await stat(place)).isDirectory()) file = join(place, 'difference.json');
    content = (await readAtMost(file, MAX_BYTES)).toString('utf8');
  } catch (error) {
    throw new UsageError(`no difference is saved there: ${file} cannot be read (${whyUnreadable(error)})`, {
      cause: error,
    });
  }
  const read = readDifferenceFile(content);
  if (read.kind === 'wrong')
    throw new UsageError(`${file} is no difference of this version of kmsspec: ${read.problem}`);
  return { ...read.saved, told: read.told };
}
