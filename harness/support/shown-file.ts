/** Two dozen hexadecimal digits at the end, however grouped. */
const HEXADECIMAL = /[0-9a-f](?:[\s:-]*[0-9a-f]){23,}\s*$/i;
/** 128 bits or more in base64, and nothing that a path has. */
const BASE64 = /^(?=.*\d)[0-9a-z+/]{22,}={0,2}$/i;

/** The name of a file that holds a secret, for a message: a secret that was typed where its file belongs stays off the screen. */
export const shownFile = (file: string): string =>
  HEXADECIMAL.test(file) || (BASE64.test(file) && !file.startsWith('/'))
    ? '(not shown: it looks like a key itself)'
    : file;
