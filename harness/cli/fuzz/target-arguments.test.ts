import { expect } from 'chai';
import { Command } from 'commander';
import { givenOptions } from '../options/given-options';
import { verb } from '../verbs/fuzz';
import { targetArguments } from './target-arguments';

describe('the part of a command line that names a target', () => {
  function argumentsOf(configFile: string | null, ...argv: string[]): string[] {
    const command = new Command('fuzz').exitOverride();
    verb.configure(command);
    const given = givenOptions(command);
    command.parse(argv, { from: 'user' });
    return targetArguments(given, command.opts(), { configFile }, '/home');
  }

  it('is empty for the embedded lab host', () => {
    expect(argumentsOf(null, '--runs', '5', '--seed', '1', '--out', 'x', '--pcap', 'y')).to.deep.equal([]);
  });

  it('has every fault and switch of the embedded host', () => {
    const given = ['--fault', 'cap-49', '--fault', 'cap-51', '--ndr64', 'off', '--check-clock'];
    expect(argumentsOf(null, ...given)).to.deep.equal(given);
  });

  it('has what a remote target needs, with files that are found from any folder', () => {
    const given = ['--target', 'kms.example.test', '--allow-remote', '--timeout', '500'];
    const files = ['--mac-key', 'lab.key', '--config', 'kmsspec.yaml'];
    expect(argumentsOf('kmsspec.yaml', ...given, ...files, '--json', '-')).to.deep.equal([
      ...given,
      ...['--config', '/home/kmsspec.yaml', '--mac-key', '/home/lab.key'],
    ]);
  });
});
