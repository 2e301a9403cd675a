import { caseToJson, type FuzzCase, GOOD_ASK } from '../../../cases/case';
import { whatCannotBeSent } from '../../../cases/conduct/can-be-sent';
import { violation } from '../../../cases/judge/violation';
import { differenceFileText, readDifferenceFile } from '../../../jobs/diff/difference-file';
import { casesIn } from '../../../jobs/fuzz/feedback/kept-file';
import { type Finding, idOf } from '../../../jobs/fuzz/findings/finding';
import { findingFileText, readFindingFile } from '../../../jobs/fuzz/findings/finding-file';
import { type JournalEntry, lineOf, readLines } from '../../../jobs/fuzz/journal-lines';
import { hasOthers, isOther, type OthersDocument, type Read } from './document';

const CASE: FuzzCase = {
  level: 'message',
  applications: ['6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c01', '6f6a2cd9-1ee2-4d4d-a6b7-0a4a3d1a7c02'],
  machines: ['0d4b1b5a-3c55-4a39-8f10-6b8c5a6f2e01'],
  canary: 7,
  steps: [
    { ...GOOD_ASK, message: [{ field: 'requestTime', mode: 'hostile', value: 2n ** 64n - 1n }] },
    { kind: 'advance', seconds: 5 },
  ],
};
const SHOWN = violation('count', 'CNT-20', 'count', 2, 3);
const FINDING: Finding = {
  ...{ ...SHOWN, id: idOf(SHOWN, ['x']), reproduced: true, cases: [CASE], features: ['x'] },
  ...{ seed: 1, index: 4, requests: 1, shrunkFrom: 9 },
};

/** Reads of sealed files tell what is wrong as a value. */
const told = <T>(
  read: ({ readonly kind: 'read' } & T) | { readonly kind: 'wrong'; problem: string },
): Read => (read.kind === 'read' ? { data: withoutBigints(read) } : { refused: read.problem });

const withoutBigints = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? String(one) : one)));

const CAMPAIGN = '0123456789ab';
const entry = (block: number, findings: readonly Finding[]): JournalEntry => ({
  ...{ block, cases: 500, coverage: { 'a b': [1, 2, 3, 4, 5, 6] }, remarks: { 'grants 253 bytes': 3 } },
  ...{ findings, hits: {} },
});
const JOURNAL = [
  '{"schema":"kmsspec.fuzz-journal/2","seed":1}',
  ...[entry(0, []), entry(1, [FINDING]), entry(2, [])].map((one) => lineOf(one, CAMPAIGN)),
];

/** What campaigns and comparisons keep, and are taken up from. */
export const FINDINGS: readonly OthersDocument[] = [
  {
    name: 'finding.json',
    whole: Buffer.from(
      findingFileText(FINDING, { target: null, repeat: ['kmsspec fuzz'], evidence: [] }).trimEnd(),
    ),
    read: (bytes) => told(readFindingFile(bytes.toString('utf8'))),
    changedSaysMore: isOther,
  },
  {
    name: 'difference.json',
    whole: Buffer.from(
      differenceFileText(
        {
          difference: { signature: 'response.count', path: 'response.count', step: 1, a: '1', b: '2' },
          ...{ id: 'differs-01234567', cases: [CASE], features: ['burst'], requests: 2, shrunkFrom: 7 },
          ...{
            greatest: [10, 50],
            index: -3,
            broken: null,
            ignored: ['header.drep'],
            isOfApplications: true,
          },
        },
        { hosts: [], message: 'count: A: 1; B: 2', repeat: 'kmsspec diff A B' },
      ).trimEnd(),
    ),
    read: (bytes) => told(readDifferenceFile(bytes.toString('utf8'))),
    changedSaysMore: isOther,
  },
  {
    name: 'a journal',
    whole: Buffer.from(`${JOURNAL.join('\n')}\n`),
    // Lines that are not whole are lost, the others count: none counts that was not written so.
    read: (bytes) => {
      const { entries } = readLines(bytes.toString('utf8'), CAMPAIGN);
      return { data: entries.map((one) => withoutBigints(one)) };
    },
    cutSaysMore: hasOthers,
    changedSaysMore: (read, whole) =>
      hasOthers(read, whole) ??
      // A line's end that is gone takes the next line along.
      ((read as readonly unknown[]).length >= 1 ? null : 'it lost lines that are whole'),
  },
  {
    name: 'kept-cases.jsonl',
    whole: Buffer.from(
      [CASE, { ...CASE, steps: [] }].map((one) => `${JSON.stringify(caseToJson(one))}\n`).join(''),
    ),
    read: (bytes) => ({ data: casesIn(bytes.toString('utf8')) }),
    cutSaysMore: (read, whole) => hasOthers(withoutBigints(read), withoutBigints(whole)),
    changedSaysMore: (read) => whatCannotBeSent(read as readonly FuzzCase[]),
  },
];
