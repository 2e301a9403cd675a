import { dirname } from 'node:path';
import { ANY_LIST, type Around } from './json-inputs';
import { filled, type LargeInput, numbered } from './large-input';

const FINDING: Around = ['{"schema":"kmsspec.finding/1","id":"abc","case":{"steps":[', ']}}'];
const DIFFERENCE: Around = ['{"schema":"kmsspec.difference/1","steps":[', ']}'];

/** The folder of all findings, in which each has its own. */
const outOf = (file: string): string => dirname(dirname(file));
const PLACE = 'found/finding.json';

const FINDINGS: Readonly<Record<string, Omit<LargeInput, 'format' | 'shape' | 'make'> & { around: Around }>> =
  {
    'a finding to explain': {
      around: FINDING,
      place: PLACE,
      argv: (file) => ['explain', 'found', '--out', outOf(file)],
    },
    'a finding to try again': {
      around: FINDING,
      place: PLACE,
      argv: (file) => ['fuzz', '--replay', 'found', '--out', outOf(file)],
    },
    'a difference to show again': {
      around: DIFFERENCE,
      argv: (file) => ['diff', 'lab', 'lab', '--replay', file],
    },
  };

const TEXTS: Readonly<Record<string, (bytes: number) => string>> = {
  'one long text': (bytes) => filled(bytes, { piece: '0' }),
  lines: (bytes) => numbered(bytes, { piece: (i) => `${i}\n` }),
  'empty lines': (bytes) => filled(bytes, { piece: '\n' }),
};
const READERS: Readonly<Record<string, (file: string) => string[]>> = {
  'a key': (file) => ['run', 'MSG-01', '--mac-key', file],
  'a secret': (file) => ['anonymise', file, 'out.pcap', '--secret', file],
  'octets to explain': (file) => ['explain', file],
};

/** What is read besides: findings, differences, keys. */
export const OTHER_INPUTS: readonly LargeInput[] = [
  ...Object.entries(FINDINGS).flatMap(([format, { around, ...rest }]) =>
    Object.entries(ANY_LIST).map(([shape, make]) => ({
      format,
      shape,
      make: (bytes: number) => make(bytes, around),
      ...rest,
    })),
  ),
  ...Object.entries(READERS).flatMap(([format, argv]) =>
    Object.entries(TEXTS).map(([shape, make]) => ({ format, shape, make, argv })),
  ),
];
