import { resolve } from 'node:path';
import { KEY_GROUPS, type KeyGroupSetting } from '../../../protocol';
import type { DiffHost } from '../../jobs/diff';
import { FAULTS, type FaultName, type HabitName, HABITS, type LabHostOptions } from '../../lab-host';
import type { Profile } from '../../model/profile';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { openTarget } from '../../target';
import { checkControlPrograms, findProfile, loadConfig } from '../../target/config';
import type { Settings } from '../options/options';

/** `lab`, or `lab:` and what is otherwise about it. */
const LAB = /^lab(?::(.*))?$/;
/** A name of a host that is the file of its configuration. */
export const CONFIGURATION = /\.(ya?ml|json)$/i;

/**
 * Opens a host as the command line names it: HOST[:PORT], a configuration file with its target and controls, or `lab[:WORD,…]` for a lab host of
 * this process.
 * @throws UsageError, ConfigError; HostFailure where a name has no address
 */
export async function openHost(
  named: string,
  settings: Settings,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<DiffHost> {
  const { profile, keyGroup, macKey, allowRemote, timeoutMs, seed } = settings;
  const common = { allowRemote, macKey, timeoutMs, signal };
  const lab = LAB.exec(named);
  if (lab !== null) {
    const words = (lab[1] ?? '').split(',').filter((word) => word !== '');
    const { profile: own, ...options } = await labOf(words, cwd);
    const target = await openTarget({
      // It signs with the published lab key, whatever key the other host has.
      ...{ ...common, macKey: undefined, profile: own ?? profile },
      lab: { seed, ...(keyGroup === undefined ? {} : { keyGroup }), ...options },
    });
    return { target, name: named };
  }
  if (!CONFIGURATION.test(named))
    return { target: await openTarget({ ...common, address: named, profile, keyGroup }), name: named };
  return { target: await openConfigured(named, settings, common, cwd), name: named };
}

async function openConfigured(
  file: string,
  settings: Settings,
  common: object,
  cwd: string,
): Promise<DiffHost['target']> {
  const { config, folder, file: configFile } = await loadConfig(file, cwd);
  if (config.target === undefined)
    throw new UsageError(`${file} names no target: give it the key target, or name the host itself`);
  checkControlPrograms({ config, configFile, configFolder: folder });
  return openTarget({
    ...common,
    address: config.target,
    profile: config.profile === undefined ? settings.profile : await findProfile(config.profile, folder),
    keyGroup: config.keyGroup ?? (config.grantsAny === true ? 'any' : settings.keyGroup),
    controls: config.controls ?? {},
    controlsFolder: folder,
  });
}

type Lab = LabHostOptions & { readonly profile?: Profile };

/** What the words behind `lab:` make of a lab host: faults, habits, and what `kmsspec host` has options for. @throws UsageError */
export async function labOf(words: readonly string[], cwd: string): Promise<Lab> {
  const faults: FaultName[] = [];
  const habits: HabitName[] = [];
  let lab: Lab = {};
  for (const word of words) {
    const fault = FAULTS.find(({ name }) => name === word);
    const habit = HABITS.find(({ name }) => name === word);
    if (fault !== undefined) faults.push(fault.name);
    else if (habit !== undefined) habits.push(habit.name);
    else lab = { ...lab, ...(await settingOf(word, cwd)) };
  }
  return { ...lab, faults, habits };
}

async function settingOf(word: string, cwd: string): Promise<Lab> {
  const [name = '', value] = word.split('=', 2);
  if (word === 'check-clock') return { checkClock: true };
  if (word === 'check-mac') return { checkMac: true };
  if (name === 'ndr64' && (value === 'on' || value === 'off')) return { ndr64: value === 'on' };
  if (name === 'profile' && value !== undefined) return { profile: await findProfile(value, resolve(cwd)) };
  if (name === 'key-group' && isKeyGroup(value)) return { keyGroup: value };
  const known = [...FAULTS, ...HABITS].map((one) => one.name);
  const near = suggest(word, [...known, ...SETTINGS]);
  const advice =
    near === undefined ? `a fault, a habit, or one of ${SETTINGS.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`a lab host has no ${word}: ${advice}`);
}

const SETTINGS = ['profile=NAME', 'key-group=NAME', 'ndr64=off', 'check-clock', 'check-mac'];

const isKeyGroup = (value: string | undefined): value is KeyGroupSetting =>
  value === 'any' || KEY_GROUPS.some((group) => group === value);
