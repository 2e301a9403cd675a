/** The controls that there can be, in the order in which they are told. */
export const CONTROLS = ['reset', 'restart', 'advanceClock', 'observe', 'coverage'] as const;
/** The name of a control, as in kmsspec.yaml. */
export type ControlName = (typeof CONTROLS)[number];

/** As reports list them. */
const REPORTED: Readonly<Record<ControlName, string>> = {
  reset: 'reset',
  restart: 'restart',
  advanceClock: 'clock',
  observe: 'observe',
  coverage: 'coverage',
};

/** Names of controls, as reports list them. */
export const reportedNames = (has: (control: ControlName) => boolean): string[] =>
  CONTROLS.filter(has).map((control) => REPORTED[control]);
