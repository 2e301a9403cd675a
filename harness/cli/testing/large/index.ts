import { ARGUMENT_INPUTS } from './argument-inputs';
import { CAPTURE_INPUTS } from './capture-inputs';
import { JOURNAL_INPUTS } from './journal-inputs';
import { JSON_INPUTS } from './json-inputs';
import type { LargeInput } from './large-input';
import { LOG_INPUTS } from './log-inputs';
import { OTHER_INPUTS } from './other-inputs';
import { PARTS_INPUTS } from './parts-inputs';
import { YAML_INPUTS } from './yaml-inputs';

export { type LargeInput, placeInput } from './large-input';

/** Every format that is read, large, deep, and of much of one thing. */
export const LARGE_INPUTS: readonly LargeInput[] = [
  ...JSON_INPUTS,
  ...YAML_INPUTS,
  ...LOG_INPUTS,
  ...CAPTURE_INPUTS,
  ...OTHER_INPUTS,
  ...JOURNAL_INPUTS,
  ...PARTS_INPUTS,
  ...ARGUMENT_INPUTS,
];

/** What is promised of files under 20 MB. */
export const LARGEST = 19_500_000;
export const MOST_CPU_SECONDS = 10;
export const MOST_MB = 500;

export const nameOf = ({ format, shape }: LargeInput): string => `${format}: ${shape}`;
