import { expect } from 'chai';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { commandTree, type TreeVerb } from '../reference/command-tree';
import { WorkFolder } from '../testing/capture-verbs';
import { VERBS } from '../verbs';
import { OUTPUTS } from './overwritten-input';

/** What is done with the file or the folder of each option, whatever the verb: one that is not here fails the tests. */
const READ = '--baseline --config --corpus --mac-key --plan --profile --scenarios --secret'.split(' ');
const WRITTEN = '--csv --history --html --json --junit --markdown --out --output --pcap --pcap-dir'.split(
  ' ',
);

const TEXT = 'what stood there before\n';
/** What each kind of folder is read for. */
const WITHIN: Readonly<Record<string, string>> = { '--corpus': 'a.pcap', '--scenarios': 'own.spec.ts' };

type Line = readonly string[];

const long = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const isWritten = (option: { readonly long: string }): boolean => WRITTEN.includes(option.long);
const filesOf = ({ options }: TreeVerb): TreeVerb['options'] =>
  options.filter(({ kind, long: name }) => kind === 'file' || kind === 'folder' || name === '--profile');

const NEED_OUT = ['matrix', 'record', 'vectors'];
/** The positional arguments of a verb, files of the folder where they are files; and an option that it cannot do without. */
function needed({ args, name }: TreeVerb, given = ''): Line {
  const words = args.map(({ kind, choices }, i) => (kind === 'file' ? `argument${i}` : (choices[0] ?? 'x')));
  return NEED_OUT.includes(name) && given !== '--out' ? [...words, '--out', 'site'] : words;
}

/** Every file that a verb reads as the command line names it, with the words that name it. */
function inputsOf(verb: TreeVerb): readonly { readonly words: Line; readonly file: string }[] {
  const positional = needed(verb).filter((word) => word.startsWith('argument'));
  return [
    ...positional.map((file) => ({ words: [], file })),
    ...filesOf(verb)
      .filter((option) => !isWritten(option))
      .map(({ long: option, kind }) =>
        kind === 'folder'
          ? { words: [option, 'folder'], file: `folder/${WITHIN[option]!}` }
          : { words: [option, `of${option}`], file: `of${option}` },
      ),
    { words: [], file: 'kmsspec.yaml' },
  ];
}

describe('an output that is an input of its command', () => {
  const folder = new WorkFolder();
  const tree = commandTree(VERBS);

  const refused = async (argv: Line): Promise<void> => {
    const { exitCode, stderr } = await folder.run(argv);
    expect([exitCode, stderr], argv.join(' '))
      .to.have.property('1')
      .that.matches(/would overwrite|are one file|is the input itself/);
    expect(exitCode, argv.join(' ')).to.equal(2);
  };

  it('is looked for in every option that names a file', () => {
    expect([...WRITTEN].sort()).to.deep.equal(OUTPUTS.map(long).sort());
    for (const verb of tree)
      for (const option of filesOf(verb))
        expect([...READ, ...WRITTEN], `${verb.name} ${option.long}`).to.include(option.long);
  });

  for (const verb of tree.filter((one) => filesOf(one).some(isWritten))) {
    const outputs = filesOf(verb).filter((option) => isWritten(option) && option.kind === 'file');

    for (const { long: output } of outputs) {
      it(`is refused, under every name of it: ${verb.name} ${output}`, async () => {
        mkdirSync(folder.file('folder'));
        for (const { words, file } of inputsOf(verb)) {
          writeFileSync(folder.file(file), TEXT);
          const names = [file, `./${file}`, folder.file(file), 'linked', 'hard'];
          symlinkSync(file, folder.file('linked'));
          linkSync(folder.file(file), folder.file('hard'));
          for (const name of names)
            await refused([verb.name, ...needed(verb, output), ...words, output, name]);
          expect(readFileSync(folder.file(file), 'utf8')).to.equal(TEXT);
          for (const name of ['linked', 'hard', file]) await folder.remove(name);
        }
      });
    }

    it(`is refused where two of them are one file: ${verb.name}`, async () => {
      for (const { long: one } of outputs)
        for (const { long: other } of outputs)
          if (one !== other)
            await refused([
              verb.name,
              ...needed(verb, one === '--out' ? one : other),
              one,
              'new',
              other,
              './new',
            ]);
    });
  }

  it('is refused where a configuration names it: a profile, and the programs of controls', async () => {
    writeFileSync(folder.file('own.yaml'), 'profile: p.yaml\ncontrols: { reset: [./ctl, data.txt] }\n');
    for (const file of ['p.yaml', 'ctl', 'data.txt']) {
      writeFileSync(folder.file(file), TEXT);
      await refused(['run', 'MSG-01', '--config', 'own.yaml', '--json', file]);
      expect(readFileSync(folder.file(file), 'utf8')).to.equal(TEXT);
    }
  });

  it('is refused where it is what was found before', async () => {
    for (const name of ['finding.json', 'difference.json', 'reproduce.pcapng']) {
      mkdirSync(folder.file('found/count-01234567'), { recursive: true });
      writeFileSync(folder.file(`found/count-01234567/${name}`), TEXT);
      const file = `found/count-01234567/${name}`;
      await refused(['explain', 'count-01234567', '--out', 'found', '--json', file]);
      await refused(['fuzz', '--replay', 'count-01234567', '--out', 'found', '--html', file]);
      await refused(['diff', 'lab', 'lab', '--replay', 'found/count-01234567', '--json', file]);
    }
  });

  it('is refused by anonymise, which names it without an option', async () => {
    writeFileSync(folder.file('a.pcap'), TEXT);
    symlinkSync('a.pcap', folder.file('linked'));
    linkSync(folder.file('a.pcap'), folder.file('hard'));
    for (const name of ['a.pcap', 'linked', 'hard']) await refused(['anonymise', 'a.pcap', name]);
  });
});
