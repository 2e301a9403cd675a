import { resolve } from 'node:path';
import { type OverlapPicture, overlapText } from '../../../reports/charts/overlap';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { historyPage } from '../../../reports/html/history';
import type { HistoryChecker, HistoryFailure } from '../../model/history/history-checker';
import { failureMessage, historyMessage } from '../../model/history/history-words';
import { writeFileSafely } from '../../support/safe-file';
import { type CliContext, EXIT } from '../verb';
import { lostAfter } from './lost-output';

/** Parts without an order that are drawn; the others are of the same history. */
const DRAWN = 5;

export const pictureOf = ({ request, possible, part }: HistoryFailure): OverlapPicture => ({
  possible,
  bars: part.map((each) => ({
    label: each.clientMachineId,
    startMs: each.startMs,
    endMs: each.endMs,
    count: each.count,
    isWrong: each === request,
  })),
});

/** Tells people what a history came to, with pictures of what has no order. @returns the exit code */
export async function tellHistory(
  checker: HistoryChecker,
  { name, htmlFile }: { readonly name: string; readonly htmlFile: string | undefined },
  context: Pick<CliContext, 'stdout' | 'cwd'>,
): Promise<number> {
  const { failures, judged } = checker;
  const isGood = failures.length === 0;
  const drawn = failures.slice(0, DRAWN);
  const lines = drawn.flatMap((failure) => [
    `${failureMessage(failure)}`,
    ...overlapText(pictureOf(failure)),
    '',
  ]);
  const head = judged === 0 && isGood ? 'NOTHING JUDGED' : isGood ? 'AN ORDER' : 'NO ORDER';
  if (htmlFile !== '-') context.stdout.write(`${lines.map((line) => `${escapeTerminal(line)}\n`).join('')}`);
  const message = historyMessage(checker);
  if (htmlFile !== '-') context.stdout.write(`${head}  ${escapeTerminal(message)}\n`);
  const code = isGood ? (judged === 0 ? EXIT.inconclusive : EXIT.ok) : EXIT.failed;
  if (htmlFile !== undefined) {
    const text = historyPage({ title: `History ${name}`, message, isGood, pictures: drawn.map(pictureOf) });
    if (htmlFile === '-') context.stdout.write(text);
    else await writeFileSafely(resolve(context.cwd, htmlFile), text).catch(lostAfter(code));
  }
  return code;
}
