import { filled, type LargeInput, nested, numbered } from './large-input';

/** A file of YAML is refused above this. */
const LARGEST = 1 << 20;
const least = (bytes: number): number => Math.min(bytes, LARGEST);

const SHAPES: Readonly<Record<string, (bytes: number) => string>> = {
  'unknown keys': (bytes) => numbered(bytes, { piece: (i) => `k${i}: 1\n` }),
  'keys of one letter in flow': (bytes) =>
    numbered(bytes, { before: '{a: 1', piece: (i) => `,${i.toString(36)}z: 1`, after: '}' }),
  'a list of numbers': (bytes) => filled(bytes, { before: 'groups: [', piece: '1,', after: '1]' }),
  'a list of lines': (bytes) => filled(bytes, { before: 'entries:\n', piece: '- 1\n' }),
  'empty objects': (bytes) => filled(bytes, { before: 'groups: [', piece: '{},', after: '{}]' }),
  anchors: (bytes) => numbered(bytes, { before: 'groups: [', piece: (i) => `&a${i} 1,`, after: '1]' }),
  'aliases of one anchor': (bytes) =>
    filled(bytes, { before: 'a: &a 1\ngroups: [', piece: '*a,', after: '1]' }),
  'anchors and aliases': (bytes) =>
    numbered(bytes, { before: 'groups: [', piece: (i) => `&a${i} 1,*a${i},`, after: '1]' }),
  'aliases without an anchor': (bytes) => filled(bytes, { before: 'groups: [', piece: '*b,', after: '1]' }),
  'merge keys': (bytes) => filled(bytes, { before: 'a: &a {b: 1}\ngroups:\n', piece: '- {<<: *a}\n' }),
  'lists in lists': (bytes) => nested(bytes, '[', ']', ['groups: ', '']),
  'lists in lists, by dashes': (bytes) => filled(bytes, { before: 'groups:\n', piece: '- ', after: '1' }),
  'objects by indentation': (bytes) =>
    numbered(Math.min(bytes, LARGEST), { piece: (i) => `${' '.repeat(i)}a:\n` }),
  questions: (bytes) => filled(bytes, { piece: '? ', after: '1' }),
  documents: (bytes) => filled(bytes, { piece: '--- 1\n' }),
  comments: (bytes) => filled(bytes, { piece: '#\n', after: 'a: 1\n' }),
  'empty lines in a text': (bytes) => filled(bytes, { before: 'a: |\n', piece: ' \n', after: ' b\n' }),
  'a text of escapes': (bytes) => filled(bytes, { before: 'a: "', piece: '\\u0041', after: '"\n' }),
  tags: (bytes) => filled(bytes, { before: 'groups: [', piece: '!!str 1,', after: '1]' }),
  'broken lines': (bytes) => filled(bytes, { piece: '}: ]\n' }),
  'a long key': (bytes) => filled(bytes, { piece: 'x', after: ': 1\n' }),
  colons: (bytes) => filled(bytes, { piece: ': ', after: '1\n' }),
  tabs: (bytes) => filled(bytes, { before: 'a:', piece: '\t', after: '1\n' }),
  'one key again and again': (bytes) => filled(bytes, { piece: 'a: 1\n' }),
  quotes: (bytes) => filled(bytes, { piece: "''", after: ': 1\n' }),
};

const READERS: Readonly<Record<string, (file: string) => string[]>> = {
  'a configuration': (file) => ['run', 'MSG-01', '--config', file],
  'a configuration to discover': (file) => ['discover', '--config', file],
  'a configuration to compare': (file) => ['diff', file, 'lab', '--runs', '8'],
  'a fleet plan': (file) => ['fleet', '--plan', file],
  'known differences': (file) => ['diff', 'lab', 'lab', '--runs', '8', '--baseline', file],
  'a baseline': (file) => ['run', 'MSG-01', '--baseline', file],
  'a profile': (file) => ['run', 'MSG-01', '--profile', file],
};

const RUN = ['run', 'MSG-01', '--config'];
/** Nobody answers there: each question is refused at once. */
const DNS = "dns: '127.0.0.1:9'\n";

/** Documents that fit but for how much they hold. */
const VALID: Readonly<
  Record<string, Readonly<Record<string, { before: string; piece: (i: number) => string; argv: string[] }>>>
> = {
  'a fleet plan': {
    groups: {
      before: 'days: 1\ngroups:\n',
      piece: (i) => `- {name: g${i}, product: win7, count: 1}\n`,
      argv: ['fleet', '--plan'],
    },
  },
  'a baseline': {
    entries: {
      before: 'schema: kmsspec.baseline/1\nentries:\n',
      piece: (i) => `- {id: X-${i}, outcome: failed, reason: a}\n`,
      argv: ['run', 'MSG-01', '--baseline'],
    },
  },
  'a configuration': {
    exclusions: { before: 'exclude:\n', piece: (i) => `- {id: X-${i}, reason: a}\n`, argv: RUN },
    globs: { before: 'exclude:\n', piece: () => `- {id: '${'*?'.repeat(20)}X', reason: a}\n`, argv: RUN },
    'one long glob': { before: "exclude:\n- reason: a\n  id: '", piece: () => '*?', argv: RUN },
    'hosts that are expected': { before: 'expectedHosts:\n', piece: (i) => `- h${i}.test\n`, argv: RUN },
    'words of a control': {
      before: 'target: 127.0.0.1:9\ncontrols:\n  restart:\n',
      piece: (i) => `  - w${i}\n`,
      argv: RUN,
    },
  },
  'a configuration to discover': {
    domains: { before: `${DNS}domains:\n`, piece: (i) => `- d${i}.test\n`, argv: ['discover', '--config'] },
    'hosts that are expected': {
      before: `${DNS}domains: [d.test]\nexpectedHosts:\n`,
      piece: (i) => `- h${i}.test\n`,
      argv: ['discover', '--config'],
    },
    'hosts of domains': {
      before: `${DNS}domains: [d.test]\nexpectedHosts:\n`,
      piece: (i) => `- {host: h${i}.test, domain: d${i}.test}\n`,
      argv: ['discover', '--config'],
    },
  },
};

const VALID_INPUTS: readonly LargeInput[] = Object.entries(VALID).flatMap(([format, shapes]) =>
  Object.entries(shapes).map(([shape, { before, piece, argv }]) => ({
    ...{ format, shape },
    make: (bytes: number) =>
      numbered(least(bytes), { before, piece, after: shape === 'one long glob' ? "X'\n" : '' }),
    argv: (file: string) => [...argv, file],
  })),
);

export const YAML_INPUTS: readonly LargeInput[] = [
  ...Object.entries(READERS).flatMap(([format, argv]) =>
    Object.entries(SHAPES).map(([shape, make]) => ({
      format,
      shape,
      make: (bytes: number) => make(least(bytes)),
      argv,
    })),
  ),
  ...VALID_INPUTS,
];
