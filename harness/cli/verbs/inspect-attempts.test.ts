import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../support/package-root';
import { WorkFolder } from '../testing/capture-verbs';

const field = (name: string): string => join(packageRoot(), 'captures/corpus/field', `${name}.pcap`);

interface Inspected {
  readonly exchanges: readonly Record<string, unknown>[];
  readonly attempts: readonly Record<string, unknown>[];
  readonly traffic: { readonly connections: number; readonly notRead: readonly Record<string, unknown>[] };
}

describe('kmsspec inspect, of what came to nothing', () => {
  const folder = new WorkFolder();
  const inspect = (...argv: string[]) => folder.run(['inspect', ...argv]);
  const json = async (name: string, ...more: string[]): Promise<Inspected> =>
    JSON.parse((await inspect(field(name), '--json', '-', ...more)).stdout) as Inspected;

  it('tells an attempt in the table, counts them, and says what it means', async () => {
    const { exitCode, stdout } = await inspect(field('fail-refused'));
    const [, row, counts, meaning] = stdout.split('\n');
    expect(exitCode).to.equal(0);
    expect(row).to.match(
      /^- +07:16:40\.002500 +refused .*RST to 1 SYN; found as kms\.example\.test:1688 by _vlmcs/,
    );
    expect(counts).to.equal('0 exchanges; 1 attempt without an answer: 1 connection refused');
    expect(meaning).to.match(/^ {2}connection refused: .*0xC004F074/);
  });

  it('has them in JSON, with the lookup before', async () => {
    const { exchanges, attempts } = await json('fail-syn-unanswered');
    expect(exchanges).to.deep.equal([]);
    expect(attempts).to.have.length(1);
    const { meaning, ...attempt } = attempts[0]!;
    expect(meaning).to.be.a('string').and.contain('0xC004F074');
    expect(attempt).to.deep.equal({
      index: 0,
      stream: 0,
      at: '2026-11-21T07:16:40.003000000Z',
      client: '192.0.2.10:50000',
      host: '192.0.2.1:1688',
      outcome: 'syn-unanswered',
      stage: 'connect',
      detail: '3 SYNs in 9.0 s',
      endedBy: null,
      reason: null,
      lookup: {
        service: '_vlmcs._tcp.example.test',
        target: 'kms.example.test',
        port: 1688,
        at: '2026-11-21T07:16:40.002000000Z',
      },
    });
  });

  it('gives the number and the words of a refusal', async () => {
    const reasonOf = async (name: string) => (await json(name)).attempts[0]!.reason;
    expect(await reasonOf('fail-bind-nak-2')).to.deep.equal({ code: 2, text: 'local limit exceeded' });
    expect(await reasonOf('fail-fault')).to.deep.equal({ code: 0x1c010002, text: 'nca_op_rng_error' });
    expect(await reasonOf('fail-no-srv-record')).to.deep.equal({ code: 3, text: 'no such name' });
    expect(await reasonOf('fail-unreachable')).to.include({ code: 13 });
  });

  it('has them in CSV, under the same heading', async () => {
    await inspect(field('fail-no-answer'), '--csv', 'both.csv');
    const [heading, exchange, attempt] = (await readFile(folder.file('both.csv'), 'utf8')).split('\r\n');
    const cells = (line: string | undefined): string[] => line!.split(',');
    const of = (line: string | undefined, column: string): string =>
      cells(line)[cells(heading).indexOf(column)]!;
    expect([of(exchange, 'answer'), of(exchange, 'attempt.outcome')]).to.deep.equal(['none', '']);
    expect([of(attempt, 'answer'), of(attempt, 'attempt.outcome')]).to.deep.equal(['attempt', 'no-answer']);
    expect(of(attempt, 'client')).to.equal('192.0.2.10:50000');
  });

  it('shows attempts alone where asked, and says so where there are none', async () => {
    const some = (await inspect(field('fail-fault'), '--attempts')).stdout;
    expect(some)
      .to.match(/fault 0x1C010002/)
      .and.not.match(/LAB-CLIENT/);
    const none = (await inspect(field('hand-vlan'), '--attempts')).stdout;
    expect(none).to.contain('Every connection to a KMS host was answered.');
    expect((await inspect(field('hand-vlan'), '--attempts', '--fields')).exitCode).to.equal(2);
  });

  it('reads the port that is named: its attempts, and no others', async () => {
    expect((await json('fail-other-port', '--port', '16880')).attempts).to.have.length(1);
    expect((await json('fail-refused', '--port', '16880')).attempts).to.deep.equal([]);
  });

  it('says of a capture without KMS what it holds, and what to try', async () => {
    const { exitCode, stdout, stderr } = await inspect(field('unread-macsec'));
    expect(exitCode).to.equal(0);
    expect(stdout).to.contain('No KMS here: 19 packets (19 Ethertype 0x88E5 (MACsec)), 0 TCP connections.');
    expect(stdout).to.contain('record where that is taken off');
    expect(stderr).to.contain('19 packets of Ethertype 0x88E5 (MACsec) are not read');
    expect((await json('unread-macsec')).traffic.notRead).to.deep.equal([
      { name: 'Ethertype 0x88E5 (MACsec)', packets: 19, harmless: false },
    ]);
  });

  it('tells other DCE/RPC on the port of KMS as that, not as KMS', async () => {
    const { exchanges, attempts } = await json('fail-other-rpc-without-bind');
    expect(exchanges).to.deep.equal([]);
    expect(attempts[0]).to.include({ outcome: 'other-rpc', detail: 'a call that is no KMS request' });
  });

  it('sends a request that was seen at two places once, in a replay', async () => {
    const { exitCode, stdout } = await folder.run(['replay', field('twice-nat')]);
    expect(exitCode).to.equal(0);
    expect(stdout).to.contain('1 requests sent');
  });
});
