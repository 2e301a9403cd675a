import { type Command, InvalidArgumentError } from 'commander';
import { FAULTS, type FaultName, type LabHostOptions } from '../../lab-host';
import { CONFIG_FILE } from '../../target/config/config-name';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { addOfTarget } from './given-options';
import { choice } from './option-values';

/** Options for the embedded lab host, for verbs that may run without a target. */
export function addLabOptions(command: Command): Command {
  return addOfTarget(command, (to) =>
    to
      .option(
        '--fault <NAME>',
        'a fault of the embedded host; may be repeated (kmsspec list faults)',
        addFault,
      )
      .addOption(choice('--ndr64 <on|off>', 'whether the embedded host prefers NDR64', ['on', 'off']))
      .option('--check-clock', 'the embedded host refuses clients whose clock is more than 4 hours off')
      .option('--check-mac', 'the embedded host refuses requests that its key does not verify'),
  );
}

/**
 * What those options make of the embedded host.
 * @throws UsageError where a target is named that they cannot bear on
 */
export function labOptions(
  options: Readonly<Record<string, unknown>>,
  target: string | undefined,
): LabHostOptions {
  const given = ['fault', 'ndr64', 'checkClock', 'checkMac'].find((name) => options[name] !== undefined);
  if (given !== undefined && target !== undefined) {
    const named = options['target'] !== undefined;
    const file = (options['config'] as string | undefined) ?? CONFIG_FILE;
    const advice = named
      ? 'leave it out, or leave out --target'
      : `but ${file} names the target ${target}: leave it out, or name a file without a target by --config`;
    throw new UsageError(`--${kebab(given)} is for the embedded lab host${named ? ':' : ','} ${advice}`);
  }
  const faults = options['fault'] as readonly FaultName[] | undefined;
  return {
    ...(faults === undefined ? {} : { faults }),
    ...(options['ndr64'] === undefined ? {} : { ndr64: options['ndr64'] === 'on' }),
    ...(options['checkClock'] === true ? { checkClock: true } : {}),
    ...(options['checkMac'] === true ? { checkMac: true } : {}),
  };
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function addFault(name: string, others: readonly FaultName[] = []): FaultName[] {
  const found = FAULTS.find((candidate) => candidate.name === name);
  if (found !== undefined) return [...others, found.name];
  const names = FAULTS.map((candidate) => candidate.name);
  const near = suggest(name, names);
  const advice = near === undefined ? 'kmsspec list faults names them all' : `did you mean ${near}?`;
  throw new InvalidArgumentError(`there is no such fault: ${advice}`);
}
