import { BINDING } from './rows/binding';
import { CANCELS } from './rows/cancels';
import { CONTEXTS } from './rows/contexts';
import { CREDENTIALS, FEATURES } from './rows/features-and-credentials';
import { FRAGMENTS, HINTS } from './rows/fragments';
import { FAULTS_AND_ECHOES, GROUPS } from './rows/groups-and-faults';
import { LIMITS } from './rows/limits';
import type { Rows } from './row';

/** Every row, by what it is about. */
export const ALL_ROWS: Readonly<Record<string, Rows>> = {
  binding: BINDING,
  limits: LIMITS,
  contexts: CONTEXTS,
  'flags of features': FEATURES,
  'credentials where nothing is authenticated': CREDENTIALS,
  hints: HINTS,
  fragments: FRAGMENTS,
  'cancels and orphans': CANCELS,
  'association groups': GROUPS,
  'faults and echoes': FAULTS_AND_ECHOES,
};
