import type { Target } from '../../target';
import { CASE_LEVELS } from '../../cases/case';
import type { RunContext } from '../../cases/conduct/capabilities';
import { type CampaignSettings, isExclusive } from './settings';

/** Cases that restart the host or set its clock need both controls, and the host for themselves. */
export function levelsFor(settings: CampaignSettings, { controls }: Target): CampaignSettings['levels'] {
  const canControl =
    isExclusive(settings) && controls.restart !== undefined && controls.advanceClock !== undefined;
  return CASE_LEVELS.filter(
    (level) => settings.levels.includes(level) && (level !== 'control' || canControl),
  );
}

/** How counts are judged of a host that counts all applications in one table. */
export function countsJudged(controls: Target['controls'], settings: CampaignSettings): string {
  if (!isExclusive(settings)) return 'counts are not judged, as several workers share its table';
  return controls.reset === undefined
    ? 'what may be counted is asked in turn, and held against what its one table may hold'
    : 'it is reset before each case, one at a time';
}

/** Capabilities of the target that the user should know of. */
export function notesOn(
  { capabilities }: RunContext,
  { controls }: Target,
  settings: CampaignSettings,
): string[] {
  const notes: string[] = [];
  if (!capabilities.countsApplicationsApart) {
    const judged = countsJudged(controls, settings);
    const why = capabilities.grantsAnyApplication
      ? 'does not count unknown applications apart'
      : 'grants no application but its own';
    notes.push(`the host ${why}: ${judged}`);
  }
  if (controls.restart === undefined)
    notes.push(
      'there is no control to restart the host: a death ends the campaign unless it comes back by itself',
    );
  return notes;
}
