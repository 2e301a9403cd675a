import type { Command } from 'commander';
import { resolve } from 'node:path';
import { parseHistory } from '../../jobs/history';
import { checkHistory } from '../../model/history/history-checker';
import { readAtMost, TooLargeError } from '../../support/read-at-most';
import { UsageError } from '../../support/usage-error';
import { findProfile } from '../../target/config';
import { tellHistory } from '../output/history-told';
import type { Verb } from '../verb';
import { whyUnreadable } from '../../support/why-unreadable';

interface CheckHistoryFlags {
  readonly profile?: string;
  readonly html?: string;
}

/** What a string of Node holds. */
const MAX_BYTES = 500 << 20;
/** Some seconds of looking for an order. */
const MOST_LOOKS = 20_000_000;

/** `kmsspec check-history FILE`: is there an order of these requests in which a conforming host gives their counts? */
export const verb: Verb = {
  configure(command: Command): void {
    command
      .option('--profile <NAME>', 'win7-2008r2 (default), vista-2008, or a file')
      .option('--html <FILE>', 'a page with a drawing of what has no order; - is standard output');
  },

  async run([file = ''], options, context): Promise<number> {
    const { profile: named, html: htmlFile }: CheckHistoryFlags = options;
    const profile = await findProfile(named, context.cwd);
    const { start, events } = parseHistory(await textOf(resolve(context.cwd, file), file), file);
    return tellHistory(
      checkHistory(events, { start, profile, mostLooks: MOST_LOOKS }),
      { name: file, htmlFile },
      context,
    );
  },
};

async function textOf(path: string, file: string): Promise<string> {
  try {
    return (await readAtMost(path, MAX_BYTES)).toString('utf8');
  } catch (error) {
    if (error instanceof TooLargeError)
      throw new UsageError(`${file} is ${error.message}: cut it where the host was idle`, { cause: error });
    throw new UsageError(`${file} cannot be read (${whyUnreadable(error)}): name a history as JSON`, {
      cause: error,
    });
  }
}
