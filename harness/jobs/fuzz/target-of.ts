import { openTarget, type Target } from '../../target';
import type { TargetSettings } from './settings';

/** Opens the target that settings name. */
export function targetOf(
  settings: TargetSettings,
  seed: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Target> {
  return openTarget({
    address: settings.address ?? undefined,
    allowRemote: settings.allowRemote,
    profile: settings.profile,
    keyGroup: settings.keyGroup ?? undefined,
    controls: settings.controls,
    controlsFolder: settings.controlsFolder,
    macKey: settings.macKey ?? undefined,
    timeoutMs,
    signal,
    lab: { seed, ...settings.lab },
  });
}
