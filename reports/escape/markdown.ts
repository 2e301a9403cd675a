import { makeVisible, makeVisibleLine } from './visible';

/**
 * Text as prose of one line: markup, HTML, links, mentions and table bars are escaped. For what this project or a user's
 * own scenario wrote; for what a host sent use {@link markdownCode}.
 */
export function escapeMarkdown(text: string): string {
  return makeVisibleLine(text)
    .replace(/[\\`*_{}[\]()#+!|~:./^$=-]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;');
}

/**
 * Text as a code span of one line, inside a table or outside. Renderers neither mark up, link nor mention what stands
 * in one. Empty text gives nothing.
 */
export function markdownCode(text: string): string {
  const line = makeVisibleLine(text);
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line.replace(/\|/g, '\\|')}${pad}${fence}`;
}

/** Text as a fenced block whose fence is longer than any run of its character within. */
export function markdownBlock(text: string, language = 'text'): string {
  const visible = makeVisible(text);
  const fence = '`'.repeat(Math.max(3, longestRun(visible, '`') + 1));
  return `${fence}${language}\n${visible}\n${fence}`;
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
