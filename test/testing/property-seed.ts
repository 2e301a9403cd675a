import fc from 'fast-check';
import { TEST_SEED } from '../../harness/testing/test-seed';

fc.configureGlobal({ seed: TEST_SEED });
