import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fit, type Misfit, parseBoundedJson } from '../../reports/results/bounded-json';

/** JSON as `JSON.parse` gives it, with the digest by which it is known whether it is still what was written. */
export function sealedText(content: Readonly<Record<string, unknown>>): string {
  const plain = JSON.parse(JSON.stringify(content)) as object;
  return `${JSON.stringify({ ...plain, digest: digestOf(plain) }, null, 2)}\n`;
}

export type Unsealed<T> =
  | { readonly kind: 'read'; readonly head: T; readonly content: Readonly<Record<string, unknown>> }
  | { readonly kind: 'wrong'; readonly problem: string };

const sealed = z.object({ digest: z.string() });

/**
 * Reads what `sealedText` wrote, whatever the text holds.
 * @param head by which a file of another kind is told before its digest is looked at
 */
export function unseal<T>(text: string, head: z.ZodType<T>): Unsealed<T> {
  let json: unknown;
  try {
    json = parseBoundedJson(text);
  } catch (error) {
    return { kind: 'wrong', problem: `it is no JSON: ${(error as Error).message}` };
  }
  const outer = fit(head, json);
  if ('misfit' in outer) return wrong(outer.misfit);
  const seal = fit(sealed, json);
  if ('misfit' in seal) return wrong(seal.misfit);
  const { digest: _, ...content } = json as Record<string, unknown>;
  if (seal.data.digest !== digestOf(content))
    return {
      kind: 'wrong',
      problem: 'it was changed or damaged since it was written: its digest does not fit',
    };
  return { kind: 'read', head: outer.data, content };
}

/** What is wrong with a file, and where in it. */
export function wrong({ path, message }: Misfit): { readonly kind: 'wrong'; readonly problem: string } {
  const where = path.join('.');
  return { kind: 'wrong', problem: `${where === '' ? '' : `${where}: `}${message}` };
}

const digestOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
