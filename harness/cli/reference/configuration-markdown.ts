import type { KeyMeaning } from '../../support/meaning';

/** Keys of a file with what each is for, as a table of the pages of documentation: pages that are named become links. */
export function keysMarkdown(keys: readonly KeyMeaning[]): string {
  const lines = keys.map(
    ({ path, description, without = '' }) => `| \`${path}\` | ${cell(description)} | ${cell(without)} |`,
  );
  return `${['| key | what it is | without it |', '|---|---|---|', ...lines].join('\n')}\n`;
}

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replace(/docs\/([a-z-]+)\.md/g, '[$1]($1.md)');

/** The same for people. */
export const keyRows = (keys: readonly KeyMeaning[]): Readonly<Record<string, string>>[] =>
  keys.map(({ path, description, without = '' }) => ({
    key: path,
    'what it is': description,
    'without it': without,
  }));
