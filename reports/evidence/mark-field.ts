import type { Evidence, Result } from '../results/result';
import { evidenceFields } from './evidence-fields';
import { transferSyntaxes } from './evidence-syntax';

/** An exchange with those fields marked in every answer that has them; `paths` are of the message that an answer carries, such as `ePid`. */
export function markedPaths(evidence: readonly Evidence[], paths: readonly string[]): Evidence[] {
  const syntaxes = transferSyntaxes(evidence);
  const isWanted = ({ path }: { path: string }): boolean => paths.some((each) => path.endsWith(`.${each}`));
  return evidence.map((each, index) => {
    if (each.direction !== 'received') return each;
    const found = evidenceFields(each, syntaxes[index]).filter(isWanted);
    if (found.length === 0) return each;
    const others = (each.fields ?? []).filter((field) => !isWanted(field));
    return { ...each, fields: [...others, ...found.map((field) => ({ ...field, marked: true }))] };
  });
}

const COUNT_PATH = 'kms.response.currentClientCount';

/** Suites whose numbers are counts. */
const COUNTING: ReadonlySet<string> = new Set(['CNT', 'CACHE']);

/** The field that a failure is about: the one that it names, or the count of an answer where its numbers are counts. */
export function fieldOfFailure({ field, suite, expected = '', received = '' }: Result): Result['field'] {
  if (field !== undefined || !COUNTING.has(suite) || !isCount(received)) return field;
  if (!isCount(expected)) return { path: COUNT_PATH };
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(Number(expected));
  return { path: COUNT_PATH, expectedHex: octets.toString('hex') };
}

const isCount = (text: string): boolean => /^\d{1,9}$/.test(text);

/**
 * The exchange of a result, with the field marked that its message is about: in the last answer that has it. An exchange that marks
 * something by itself stays as it is.
 */
export function markedEvidence(result: Result): Evidence[] {
  const { evidence = [], received } = result;
  const field = fieldOfFailure(result);
  // A count that no answer shows is of something else, such as machines in all.
  const value = result.field === undefined ? received : undefined;
  const marks = evidence.some(({ fields = [] }) => fields.some(({ marked }) => marked === true));
  if (field === undefined || marks) return [...evidence];
  const syntaxes = transferSyntaxes(evidence);
  const at = evidence.findLastIndex(
    (each, index) => each.direction === 'received' && fieldOf(each, index) !== undefined,
  );
  function fieldOf(each: Evidence, index: number) {
    return evidenceFields(each, syntaxes[index]).find(
      (found) => found.path === field?.path && (value === undefined || found.value === value),
    );
  }
  return evidence.map((each, index) => {
    const found = index === at ? fieldOf(each, index) : undefined;
    return found === undefined
      ? each
      : { ...each, fields: [...(each.fields ?? []), { ...found, marked: true }] };
  });
}
