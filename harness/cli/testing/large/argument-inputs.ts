import { readFileSync } from 'node:fs';
import { filled, type LargeInput, nested, numbered } from './large-input';

/** Linux takes no longer word in a command line, nor more than 2 MB of them. */
const LONGEST_WORD = 120_000;
const LONGEST_LINE = 1_000_000;

const STREAMS: Readonly<Record<string, (bytes: number) => string>> = {
  items: (bytes) => filled(bytes, { piece: 'client ' }),
  'groups in groups': (bytes) => nested(bytes, '(', ')', ['client ', '']),
  'groups of groups': (bytes) => filled(bytes, { piece: '(client)*1 ' }),
  'requests at the same time': (bytes) => filled(bytes, { before: 'par(', piece: 'client ', after: ')' }),
  'a shuffle': (bytes) => filled(bytes, { before: 'shuffle(', piece: 'client ', after: ')' }),
  'parts of a mix': (bytes) => filled(bytes, { before: 'mix(', piece: 'clones=0%,', after: 'servers=1%)*9' }),
  'one long word': (bytes) => filled(bytes, { piece: 'x' }),
  'a long number': (bytes) => filled(bytes, { before: 'client*', piece: '9' }),
};

/** Command lines of many words: each gives its option so many times, or its argument. */
const LISTS: Readonly<Record<string, { word: (i: number) => string; argv: (words: string[]) => string[] }>> =
  {
    requirements: { word: (i) => `MSG-${i}`, argv: (words) => ['run', ...words] },
    globs: {
      word: () => `${'*?'.repeat(40)}X`,
      argv: (words) => ['run', 'MSG-01', ...each('--exclude', words)],
    },
    domains: { word: (i) => `d${i}.test`, argv: (words) => ['discover', '--dns', '127.0.0.1:9', ...words] },
    'hosts that are expected': {
      word: (i) => `h${i}.test`,
      argv: (words) => ['discover', 'd.test', '--dns', '127.0.0.1:9', ...each('--expect', words)],
    },
    'hosts to probe': {
      word: (i) => `h${i}.test`,
      argv: (words) => [
        ...['probe', '--domain', 'd.test', '--dns', '127.0.0.1:9'],
        ...each('--expect', words),
      ],
    },
    'fields to ignore': {
      word: (i) => `response.f${i}`,
      argv: (words) => [
        'diff',
        'lab',
        'lab',
        '--runs',
        '8',
        '--ignore',
        words.join(',').slice(0, LONGEST_WORD),
      ],
    },
    outages: { word: (i) => `1:${i}d-${i + 1}d`, argv: (words) => ['fleet', ...each('--outage', words)] },
    sources: {
      word: (i) => `127.0.${(i >> 8) & 255}.${i & 255}`,
      argv: (words) => [
        ...[
          'load',
          '--duration',
          '1',
          '--sources',
          words
            .join(',')
            .slice(0, LONGEST_WORD)
            .replace(/,[^,]*$/, ''),
        ],
      ],
    },
    faults: { word: () => 'count-off-by-one', argv: (words) => ['run', 'MSG-01', ...each('--fault', words)] },
  };

const each = (option: string, words: readonly string[]): string[] => words.flatMap((word) => [option, word]);

/** What is told in a command line. */
export const ARGUMENT_INPUTS: readonly LargeInput[] = [
  ...Object.entries(STREAMS).map(([shape, make]) => ({
    ...{ format: 'a stream', shape },
    make: (bytes: number) => make(Math.min(bytes, LONGEST_WORD)),
    argv: (file: string) => ['stream', readFileSync(file, 'utf8')],
  })),
  ...Object.entries(LISTS).map(([shape, { word, argv }]) => ({
    ...{ format: 'a command line', shape },
    make: (bytes: number) =>
      numbered(Math.min(bytes, LONGEST_LINE / 2), { before: word(0), piece: (i) => ` ${word(i + 1)}` }),
    argv: (file: string) => argv(readFileSync(file, 'utf8').split(' ')),
  })),
];
