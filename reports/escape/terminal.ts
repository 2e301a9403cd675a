import { makeVisible, makeVisibleLine } from './visible';

/**
 * Text as it may go to a terminal on one line: no escape sequence, no change of direction, and nothing that a CI runner
 * takes for a command (`::set-output`, `##[…]`) wherever it stands.
 */
export function escapeTerminal(text: string): string {
  return defuseCommands(makeVisibleLine(text));
}

/** As {@link escapeTerminal}, each line of the text a line of its own behind `prefix`. */
export function escapeTerminalLines(text: string, prefix: string): string {
  return makeVisible(text)
    .split('\n')
    .map((line) => prefix + defuseCommands(line))
    .join('\n');
}

/**
 * Runners look for `##[`, `##vso[` and `##teamcity[` anywhere, and for `::name` at the start of a line, white space aside. Each is parted
 * by a backslash before what makes it one.
 */
export function defuseCommands(line: string): string {
  return line.replace(/##(\w{0,40})\[/g, '##$1\\[').replace(/^(\s*)::/, '$1:\\:');
}
