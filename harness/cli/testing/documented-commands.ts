import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';

/** One `kmsspec …` line of a fenced `sh` block. */
export interface DocumentedCommand {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly words: readonly string[];
  /** From a comment `# exits N` behind the command; 0 without one. */
  readonly exitCode: number;
}

/** Markdown that documents commands: the README and every page in docs/. */
export function documentationFiles(): string[] {
  const docs = readdirSync(join(packageRoot(), 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...docs.map((name) => join('docs', name))];
}

/** Every command in the `sh` blocks of a page; a line there that is none is an error of the page. */
export function documentedCommands(file: string): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let inShell = false;
  for (const [index, raw] of readFileSync(join(packageRoot(), file), 'utf8').split('\n').entries()) {
    const text = raw.trim();
    if (text.startsWith('```')) {
      inShell = !inShell && text === '```sh';
    } else if (inShell && text !== '' && !text.startsWith('#')) {
      commands.push(parseCommand(file, index + 1, text));
    }
  }
  return commands;
}

function parseCommand(file: string, line: number, text: string): DocumentedCommand {
  const [program, ...words] = shellWords(text.replace(/\s+#.*$/, ''));
  if (program !== 'kmsspec')
    throw new Error(`${file}:${line}: a sh block holds kmsspec commands only, not: ${text}`);
  const exit = /#.*\bexits (\d+)/.exec(text);
  return { file, line, text, words, exitCode: exit === null ? 0 : Number(exit[1]) };
}

/** Words as a shell splits them: blanks, and single or double quotes. */
export function shellWords(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|"([^"]*)"/g,
      (_, single: string | undefined, double: string | undefined) => single ?? double ?? '',
    ),
  );
}
