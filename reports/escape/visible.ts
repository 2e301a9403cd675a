/**
 * Characters that act instead of being seen: controls (C0, DEL, C1), marks that turn the direction of text, characters
 * without width or that end a line, tags, halves of surrogate pairs, and non-characters.
 */
const ACTING = new RegExp(
  [
    '[\\u0000-\\u0008\\u000B-\\u001F\\u007F-\\u009F]',
    '[\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B-\\u200F\\u2028-\\u202E\\u2060-\\u206F]',
    '[\\u3164\\uFE00-\\uFE0F\\uFEFF\\uFFA0\\uFFF0-\\uFFFB\\uFFFE\\uFFFF]',
    '[\\u{1BCA0}-\\u{1BCA3}\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E0FFF}]',
    '\\p{Noncharacter_Code_Point}',
    '\\p{Surrogate}',
  ].join('|'),
  'gu',
);

/**
 * Text from a host or a capture with every acting character written out as `\x1B` or `\u{202E}`, so that what one
 * reads is what stands there. Tab and line feed stay.
 */
export function makeVisible(text: string): string {
  return replaceActing(text, writeOut);
}

/** As {@link makeVisible}, on one line: tab and line feed are written out as `\t` and `\n`. */
export function makeVisibleLine(text: string): string {
  return makeVisible(text).replace(/\t/g, '\\t').replace(/\n/g, '\\n');
}

/** Text with every acting character but tab and line feed replaced. */
export function replaceActing(text: string, by: (character: string) => string): string {
  return text.replace(ACTING, by);
}

function writeOut(character: string): string {
  const code = character.codePointAt(0)!;
  const digits = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}
