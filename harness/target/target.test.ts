import { expect } from 'chai';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostFailure } from '../client';
import { machineRequest } from '../model/machine-request';
import { systemClock } from '../support/clock';
import { Random } from '../support/random';
import { UsageError } from '../support/usage-error';
import {
  openControls,
  ControlFailure,
  guardTarget,
  isLoopbackAddress,
  KeyFileError,
  openTarget,
  parseTarget,
  readKeyFile,
} from '.';

/** What a promise fails with. */
async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

describe('target', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'target-test-'))));
  after(() => rm(folder, { recursive: true }));

  describe('parseTarget', () => {
    const hosts: [string, string, number][] = [
      ['kms.example', 'kms.example', 1688],
      ['kms.example:1700', 'kms.example', 1700],
      ['10.1.2.3', '10.1.2.3', 1688],
      ['127.0.0.1:65535', '127.0.0.1', 65535],
      ['[::1]:1688', '::1', 1688],
      ['[::1]', '::1', 1688],
      ['::1', '::1', 1688],
      ['2001:db8::7', '2001:db8::7', 1688],
      ['[fe80::1%eth0]:99', 'fe80::1%eth0', 99],
      ['[::ffff:127.0.0.1]:5', '::ffff:127.0.0.1', 5],
      [' kms ', 'kms', 1688],
    ];
    for (const [text, host, port] of hosts) {
      it(`reads ${JSON.stringify(text)}`, () =>
        expect(parseTarget(text)).to.deep.equal({ kind: 'host', host, port }));
    }

    it('reads a domain', () => {
      expect(parseTarget('.corp.example')).to.deep.equal({ kind: 'domain', domain: 'corp.example' });
      expect(parseTarget('.corp.example.')).to.deep.equal({ kind: 'domain', domain: 'corp.example' });
    });

    const wrong = ['', ' ', ':', ':1688', 'kms:', 'kms:0', 'kms:65536', 'kms:1e3', 'kms:-1', 'a b', 'kms/x'];
    wrong.push(
      'http://kms:1688',
      '[::1',
      '[::1]1688',
      '[kms]:1',
      '[]:1',
      '.',
      '..x',
      '-kms',
      'k\u0000',
      '::zz',
    );
    wrong.push('a'.repeat(300), `kms:${'1'.repeat(400)}`);
    for (const text of wrong) {
      it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () =>
        expect(() => parseTarget(text)).to.throw(UsageError, /invalid target ".*expected/));
    }
  });

  describe('the loopback guard', () => {
    const names: Record<string, readonly string[]> = {
      here: ['127.0.0.1', '::1'],
      mapped: ['::ffff:127.9.9.9'],
      both: ['127.0.0.1', '192.0.2.1'],
      away: ['192.0.2.1'],
      nothing: [],
    };
    const lookup = (name: string): Promise<readonly string[]> => {
      const found = names[name];
      if (found !== undefined) return Promise.resolve(found);
      return Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    };

    it('knows loopback addresses from others', () => {
      for (const here of ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1', '::1%lo']) {
        expect(isLoopbackAddress(here), here).to.equal(true);
      }
      for (const away of [
        '126.255.255.255',
        '128.0.0.1',
        '0.0.0.0',
        '::',
        '::2',
        '::ffff:126.0.0.1',
        'here',
      ]) {
        expect(isLoopbackAddress(away), away).to.equal(false);
      }
    });

    it('lets loopback names through as the addresses that were checked', async () => {
      const endpoint = { host: 'here', port: 7 };
      expect(await guardTarget(endpoint, false, lookup)).to.deep.equal({
        ...endpoint,
        addresses: names['here'],
        loopbackOnly: true,
      });
      expect((await guardTarget({ host: 'mapped', port: 7 }, false, lookup)).addresses).to.have.length(1);
    });

    for (const host of ['both', 'away', '192.0.2.1', '2001:db8::1', 'fe80::1%eth0']) {
      it(`refuses ${host} and says why`, async () => {
        const error = await failureOf(guardTarget({ host, port: 7 }, false, lookup));
        expect(error).to.be.instanceOf(UsageError);
        expect(error.message).to.match(/count of a real host for 30 days[^]*--allow-remote/);
        expect(await guardTarget({ host, port: 7 }, true, lookup)).to.deep.equal({ host, port: 7 });
      });
    }

    for (const host of ['nothing', 'unknown']) {
      it(`tells that ${host} has no address`, async () => {
        const error = await failureOf(guardTarget({ host, port: 7 }, false, lookup));
        expect(error).to.be.instanceOf(HostFailure);
        expect((error as HostFailure).kind).to.equal('name-not-found');
      });
    }
  });

  describe('readKeyFile', () => {
    const key = '00112233445566778899aabbccddeeff01234567';
    const file = async (content: string | Buffer): Promise<string> => {
      const path = join(folder, 'key');
      await writeFile(path, content);
      return path;
    };

    it('reads 20 bytes in hex, white space aside', async () => {
      expect(Buffer.from(await readKeyFile(await file(key))).toString('hex')).to.equal(key);
      const spread = `${key.slice(0, 20).toUpperCase()}\r\n  ${key.slice(20)}\n`;
      expect(Buffer.from(await readKeyFile(await file(spread))).toString('hex')).to.equal(key);
    });

    const bad: [string, string | Buffer, RegExp][] = [
      ['empty', '', /is empty/],
      ['short', key.slice(2), /holds 38 digits/],
      ['long', `${key}ff`, /holds 42 digits/],
      ['not hex', 'kmsspec-lab-key-2008', /something else/],
      ['UTF-16', Buffer.from(`\ufeff${key}`, 'utf16le'), /something else/],
      ['huge', 'f'.repeat(100_000), /larger than/],
    ];
    for (const [name, content, problem] of bad) {
      it(`refuses one that is ${name} without showing it`, async () => {
        const path = await file(content);
        const error = await failureOf(readKeyFile(path));
        expect(error).to.be.instanceOf(KeyFileError).and.instanceOf(UsageError);
        expect(error.message).to.match(problem).and.contain(path).and.contain('40 hexadecimal digits');
        if (content.length > 0) expect(error.message).to.not.contain(content.toString('latin1').slice(0, 8));
      });
    }

    it('tells a missing file and a folder', async () => {
      expect((await failureOf(readKeyFile(join(folder, 'none')))).message).to.contain(
        'there is no such file',
      );
      expect((await failureOf(readKeyFile(folder))).message).to.contain('it is a folder');
    });
  });

  describe('controls by command line', () => {
    it('runs words without a shell and fills in the seconds', async () => {
      const script = join(folder, 'ctl.sh');
      await writeFile(script, `#!/bin/sh\n[ "$1" = "advance;" ] && [ "$2" = "3600 s" ]\n`);
      await chmod(script, 0o755);
      const { controls } = openControls(
        { advanceClock: ['./ctl.sh', 'advance;', '{seconds} s'] },
        { cwd: folder },
      );
      await controls.advanceClock!(3600);
      const error = await failureOf(controls.advanceClock!(1));
      expect(error).to.be.instanceOf(ControlFailure);
      expect(error.message).to.contain('advanceClock').and.contain('exit code 1');
    });

    it('gives only the controls that are configured', () => {
      expect(Object.keys(openControls({ reset: ['true'] }).controls)).to.deep.equal(['reset']);
    });

    it('tells what the command said on standard error', async () => {
      const { reset } = openControls({ reset: ['sh', '-c', 'echo no such service >&2; exit 7'] }).controls;
      const error = (await failureOf(reset!())) as ControlFailure;
      expect(error.stderr).to.equal('no such service\n');
      expect(error.message).to.contain('exit code 7: no such service');
    });

    it('tells the first two lines of a long complaint, and keeps all of it', async () => {
      const said = 'echo one >&2; echo >&2; echo two >&2; echo three >&2; exit 1';
      const { reset } = openControls({ reset: ['sh', '-c', said] }).controls;
      const error = (await failureOf(reset!())) as ControlFailure;
      expect(error.message).to.match(/exit code 1: one \/ two …$/);
      expect(error.stderr).to.equal('one\n\ntwo\nthree\n');
    });

    it('tells a program that is not there, and one that takes too long', async () => {
      const { reset } = openControls({ reset: ['/no/such/program'] }).controls;
      expect((await failureOf(reset!())).message).to.contain('no such program');
      const { restart } = openControls({ restart: ['sleep', '20'] }, { timeoutMs: 60 }).controls;
      expect((await failureOf(restart!())).message).to.contain('longer than 60 ms');
    });
  });

  it('starts an embedded lab host that answers, is signed for, and can be controlled', async () => {
    const target = await openTarget({ timeoutMs: 2000 });
    try {
      expect(target.embedded).to.equal(true);
      expect(target.description.controls).to.deep.equal(['reset', 'restart', 'clock', 'observe']);
      const client = target.client();
      const random = new Random(1);
      const count = async (): Promise<unknown> => {
        const { answer } = await client.activate(
          machineRequest({ product: 'win7', random, clock: systemClock }),
        );
        return answer?.kind === 'response' ? answer.value.currentClientCount : answer;
      };
      expect([await count(), await count()]).to.deep.equal([1, 2]);
      await target.controls.reset!();
      expect(await count()).to.equal(1);
      await client.close();
    } finally {
      await target.close();
    }
  });

  it('asks discovery for a domain', async () => {
    const target = await openTarget({
      address: '.corp.example',
      discover: (domain) => Promise.resolve({ host: domain === 'corp.example' ? '127.0.0.1' : '', port: 9 }),
    });
    expect(target.endpoint).to.deep.equal({ host: '127.0.0.1', port: 9, loopbackOnly: true });
    expect(await failureOf(openTarget({ address: '.corp.example' }))).to.be.instanceOf(UsageError);
  });
});
