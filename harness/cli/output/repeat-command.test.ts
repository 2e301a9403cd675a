import { expect } from 'chai';
import { Command } from 'commander';
import { givenOptions } from '../options/given-options';
import { verb } from '../verbs/run';
import { repeatCommand } from './repeat-command';

describe('the command line that repeats', () => {
  function repeat(...argv: string[]): string {
    const command = new Command('run').argument('[ids...]').exitOverride();
    verb.configure(command);
    command.option('--option-of-tomorrow <VALUE>');
    const given = givenOptions(command);
    command.parse(argv, { from: 'user' });
    return repeatCommand(given, 7)('CNT-07');
  }

  it('keeps what bears on the host, and leaves out what chose and reported', () => {
    const argv = ['CNT', '--target', '10.0.0.1', '--allow-remote', '--json', 'out.json', '--shuffle'];
    expect(
      repeat(...argv, '--seed', '3', '--repeat=4', '--fail-on', 'MUST', '--slow', '--exclude=CNT-14'),
    ).to.equal('kmsspec run CNT-07 --target 10.0.0.1 --allow-remote --seed 7');
  });

  it('keeps every fault, values behind an equals sign, and a folder of scenarios', () => {
    expect(repeat('--fault=cap-49', '--fault', 'cap-51', '--scenarios', 'own', '--timeout=500')).to.equal(
      'kmsspec run CNT-07 --fault cap-49 --fault cap-51 --scenarios own --timeout 500 --seed 7',
    );
  });

  it('keeps the value of an option that reads as a word of the selection, or as an option', () => {
    expect(repeat('CNT', '--config', 'CNT')).to.equal('kmsspec run CNT-07 --config CNT --seed 7');
    expect(repeat('--config=--json', 'CNT')).to.equal('kmsspec run CNT-07 --config --json --seed 7');
  });

  it('keeps an option that nobody told it of, with its value', () => {
    expect(repeat('--option-of-tomorrow', 'CNT', 'CNT')).to.equal(
      'kmsspec run CNT-07 --option-of-tomorrow CNT --seed 7',
    );
  });

  it('serves where nothing was given', () => {
    expect(repeat()).to.equal('kmsspec run CNT-07 --seed 7');
  });
});
