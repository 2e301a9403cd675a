import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { commandLine } from './command-line';

describe('a command line in a report', () => {
  it('hands a shell the same words', () => {
    const words = [
      'run',
      'CNT-*',
      "it's",
      'two words',
      '',
      '$HOME',
      '`id`',
      '[::1]:1688',
      'a;b',
      '--json=x',
      '~',
      '!x',
      'ü\n',
    ];
    const output = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`], { encoding: 'utf8' });
    expect(output.split('\0').slice(0, -1)).to.deep.equal(words);
  });

  it('leaves out what looks like a key', () => {
    const key = Buffer.from('kmsspec-lab-key-2008').toString('hex');
    for (const argument of [key, key.toUpperCase(), `--mac-key=${key}`]) {
      expect(commandLine(['kmsspec', 'run', argument]).toLowerCase()).not.to.contain(key);
    }
  });
});
