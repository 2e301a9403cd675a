/** What a published host can be found to be. */
export const VERDICTS = [
  'right',
  'rogue',
  'unreachable',
  'dangling',
  'cannot-resolve',
  'refused',
  'wrong-answer',
  'alias',
  'low-priority',
  'public-address',
  'not-probed',
] as const;

/** Of these nothing is to be mended; any other is a finding. */
export const SOUND_VERDICTS: ReadonlySet<string> = new Set<(typeof VERDICTS)[number]>([
  'right',
  'low-priority',
  'not-probed',
]);
