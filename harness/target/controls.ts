import { inspect } from 'node:util';
import type { HostCounters } from '../model/host-counters';
import { ControlFailure } from './control-failure';
import { CONTROLS, type ControlName, reportedNames } from './control-name';
import { secondsInWords } from './control-seconds';
import { Coprocess } from './coprocess';
import { readCounters } from './read-counters';
import { type CoverageHits, readCoverage } from './read-coverage';
import { runCommand, type CommandOptions } from './run-command';

export { ControlFailure } from './control-failure';
export type { ControlName } from './control-name';

/** What can be done to a target beside the wire. One that is absent cannot be done. */
export interface TargetControls {
  /** Forgets records and capacity, as a new host. @throws ControlFailure */
  readonly reset?: () => Promise<void>;
  /** Restarts the service. @throws ControlFailure */
  readonly restart?: () => Promise<void>;
  /** Sets the host's clock ahead. @throws ControlFailure */
  readonly advanceClock?: (seconds: number) => Promise<void>;
  /** The host's own counters. @throws ControlFailure */
  readonly observe?: () => Promise<HostCounters>;
  /** What the host ran since it was asked last. @throws ControlFailure */
  readonly coverage?: () => Promise<CoverageHits>;
}

type Words = readonly string[] | undefined;

/**
 * Command lines, a word each; run without a shell. `{seconds}` stands for the number of seconds. With `persistent`, `command` is started once
 * and is told what to do line by line; a control that has a command line of its own is run by that.
 */
export interface ControlCommands {
  readonly reset?: Words;
  readonly restart?: Words;
  readonly advanceClock?: Words;
  readonly observe?: Words;
  /** Always one that stays for the whole run: it is asked behind each case. */
  readonly coverage?: Words;
  readonly command?: Words;
  readonly persistent?: true | undefined;
  /** What the persistent program can do: reset, restart and advanceClock where it is left out. */
  readonly offers?: readonly ControlName[] | undefined;
}

/** Controls, and the end of what they keep running. */
export interface OpenedControls {
  readonly controls: TargetControls;
  readonly close: () => Promise<void>;
}

const USUALLY_OFFERED: readonly ControlName[] = ['reset', 'restart', 'advanceClock'];

const isGiven = (commands: ControlCommands, control: ControlName): boolean =>
  commands[control] !== undefined ||
  (commands.command !== undefined && (commands.offers ?? USUALLY_OFFERED).includes(control));

/** Carries out one control. @returns what it printed @throws ControlFailure */
type Carry = (control: ControlName, seconds?: string) => Promise<string>;

/** Controls that run the command lines of a configuration, or speak with its persistent program. */
export function openControls(commands: ControlCommands, options: CommandOptions = {}): OpenedControls {
  const { command } = commands;
  const opened = (words: Words): Coprocess | null =>
    words === undefined ? null : new Coprocess(words, options);
  const coprocess = opened(command);
  const coverage = opened(commands.coverage);
  const carry: Carry = (control, seconds) => {
    if (control === 'coverage' && coverage !== null) return coverage.ask(control);
    const words = commands[control];
    if (words === undefined) return coprocess!.ask(control, seconds);
    const filled = words.map((word) => word.replaceAll('{seconds}', () => seconds ?? ''));
    return runCommand(control, filled, options);
  };
  const all = controlsBy(carry);
  const given = CONTROLS.filter((control) => isGiven(commands, control));
  return {
    controls: Object.fromEntries(given.map((control) => [control, all[control]])),
    close: async () => void (await Promise.all([coprocess?.close(), coverage?.close()])),
  };
}

const controlsBy = (carry: Carry): Required<TargetControls> => ({
  reset: async () => void (await carry('reset')),
  restart: async () => void (await carry('restart')),
  advanceClock: async (seconds) => {
    const words = secondsInWords(seconds);
    if (words === null) {
      const problem = `was asked for ${inspect(seconds).slice(0, 40)}, which is no number of seconds, and was not run`;
      throw new ControlFailure('advanceClock', [], problem, '');
    }
    await carry('advanceClock', words);
  },
  observe: async () => {
    const text = await carry('observe');
    const counters = readCounters(text);
    if (typeof counters === 'string') throw new ControlFailure('observe', [], counters, '');
    return counters;
  },
  coverage: async () => {
    const hits = readCoverage(await carry('coverage'));
    if (typeof hits === 'string') throw new ControlFailure('coverage', [], hits, '');
    return hits;
  },
});

/** Names of the controls there are, as reports list them. */
export const controlNames = (controls: TargetControls): string[] =>
  reportedNames((control) => controls[control] !== undefined);

/** Names of the controls that a configuration gives, as reports list them. */
export const configuredNames = (commands: ControlCommands): string[] =>
  reportedNames((control) => isGiven(commands, control));
