import type { Command } from 'commander';
import type { Readable, Writable } from 'node:stream';
import type { LocalLimits } from '../support/local-limits';
import type { GivenOption } from './options/given-options';

/** What a verb gets from the process around it, so that tests can hand in their own. */
export interface CliContext {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The command line as it was given, without the program's name; `runCli` fills it in. */
  readonly argv?: readonly string[];
  /** Its options as the parser took them; `runCli` fills it in. */
  readonly given?: readonly GivenOption[];
  /** Every verb that there is; `runCli` fills it in. */
  readonly verbs?: readonly VerbEntry[];
  /** What this process runs out of; `runCli` fills it in. */
  readonly limits?: LocalLimits;
  /** Standard error is a terminal: progress may be drawn there. */
  readonly isTerminal: boolean;
  /** Colours are wanted: a terminal, no NO_COLOR, no --no-color. */
  readonly color: boolean;
  /** Aborted by SIGINT and SIGTERM; a verb then ends soon and reports what it has. */
  readonly signal: AbortSignal;
  /** Leaves SIGINT and SIGTERM to what they do to any program, for a verb with nothing to report; absent where nobody listens for them. */
  readonly leaveSignals?: () => void;
}

/** One verb of the command line. A module `verbs/NAME.ts` exports one as `verb`; it is loaded only when asked for. */
export interface Verb {
  /** Declares arguments and options on a commander command that has the verb's name and summary. */
  configure(command: Command): void;
  /** Arguments that are one of some words, by name: shells complete them. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /**
   * Does the job. `args` are the positional arguments, `options` what commander parsed.
   * @returns the exit code, as the table of the command line has them
   */
  run(
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
    context: CliContext,
  ): Promise<number>;
  /**
   * Where the verb's readers expect it told in their own way: tells that `argv` is no command line of this verb.
   * @returns the exit code, or undefined where it is that of wrong usage
   */
  tellWrongUsage?(problem: string, argv: readonly string[], context: CliContext): number | undefined;
  /** The exit code where `argv` could not be done as it says, for readers to whom that of wrong usage tells something else. */
  usageCode?(argv: readonly string[]): number | undefined;
}

export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments in commander's notation, for the usage line. */
  readonly args: string;
  /**
   * It makes one result of files, and half of it is none: a signal ends it at once, also while it computes, when nobody could listen.
   * All others wait for a host or a file most of their time; a signal asks them to end and to report what they have.
   */
  readonly onlyComputes?: true;
  load(): { readonly verb: Verb };
}

/** Exit codes that every verb shares. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  inconclusive: 4,
  interrupted: 130,
  terminated: 143,
} as const;
