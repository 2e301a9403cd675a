import type { Command } from 'commander';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseHistory } from '../../jobs/history';
import { checkHistory } from '../../model/history/history-checker';
import { UsageError } from '../../support/usage-error';
import { findProfile } from '../../target/config';
import { tellHistory } from '../output/history-told';
import type { Verb } from '../verb';

interface CheckHistoryFlags {
  readonly profile?: string;
  readonly html?: string;
}

const MAX_BYTES = 512 << 20;
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
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw new UsageError(`${file} is larger than ${MAX_BYTES >> 20} MB: cut it where the host was idle`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read (${code}): name a history as JSON`, { cause: error });
  }
}
