/** 20 bytes in hex: a key that was given where the name of its file belongs. */
const KEY_IN_HEX = /\b[0-9a-fA-F]{40}\b/g;

/** A command line as a shell takes it, for `run.command` and `repeat`. What looks like a key is left out. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((argument) => quote(argument.replace(KEY_IN_HEX, 'KEY-LEFT-OUT'))).join(' ');
}

function quote(argument: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(argument) && !/[[\]]/.test(argument)
    ? argument
    : `'${argument.replaceAll("'", "'\\''")}'`;
}
