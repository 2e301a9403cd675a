import { escapeTerminal } from '../../../reports/escape/terminal';
import type { Settings } from '../options/options';
import type { CliContext } from '../verb';

/** The files of all forms in which a verb tells what it did. */
export type FormFiles = Pick<Settings, 'reports'> & { readonly pcap?: string | undefined };

/** True where a form of the report, or the capture, goes to standard output, and nothing else may. */
export const takesStandardOutput = ({ reports, pcap }: FormFiles): boolean =>
  pcap === '-' || Object.values(reports).includes('-');

/** What people read on standard output. It says nothing where a report goes there. */
export class Listing {
  readonly #silent: boolean;

  constructor(
    private readonly context: Pick<CliContext, 'stdout'>,
    files: FormFiles,
  ) {
    this.#silent = takesStandardOutput(files);
  }

  /** Lines that may hold what a host or a file said. */
  say(...lines: readonly string[]): void {
    this.text(lines.map((line) => `${escapeTerminal(line)}\n`).join(''));
  }

  /** Text that is escaped already. */
  text(text: string): void {
    if (!this.#silent && text !== '') this.context.stdout.write(text);
  }
}

/** Lines as one text, escaped. */
export const linesOf = (lines: readonly string[]): string =>
  lines.map((line) => `${escapeTerminal(line)}\n`).join('');
