import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explanationSchema } from '../explain/explanation';
import { runInProcess } from '../testing/in-process';

describe('kmsspec explain', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-explain-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const explain = (...argv: string[]) => runInProcess(['explain', ...argv], { cwd: folder });

  it('says of a requirement what it is, who says so, what goes over the wire, and what it catches', async () => {
    const { exitCode, stdout, stderr } = await explain('cnt-03');
    expect([exitCode, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^CNT-03 \(MUST\): the host does not count a CMID twice/);
    expect(stdout).to.contain('source: understanding-kms 2.3 ("Understanding KMS"');
    expect(stdout).to.contain('needs a host that counts at most 50 machines, or controls.reset');
    expect(stdout).to.match(/ 1 → bind, \d+ octets, connection 1: offers context 0 \(KMS 1\.0 in NDR32\)/);
    expect(stdout).to.match(/asks again, N_Policy 25, licenseStatus 1 \(licensed\)/);
    expect(stdout).to.match(/← response, .*: call 1, count 1/);
    expect(stdout).to.match(/\n {5}0000 {2}05 00 0b /);
    expect(stdout).to.contain('  count-by-cmid-and-sku: It counts a machine anew when its SKU changes.');
    expect(stdout.split('\n').length).to.be.lessThan(250);
    // The line that it names shows the fault.
    const [, line = ''] = /see the first: kmsspec (.+)/.exec(stdout) ?? [];
    expect((await runInProcess(line.split(' '), { cwd: folder })).exitCode).to.equal(1);
  });

  it('writes JSON by its schema, and all that went over the wire as a capture', async () => {
    const { exitCode, stdout } = await explain(
      'MSG-02',
      '--json',
      '-',
      '--pcap',
      'all.pcapng',
      '--seed',
      '9',
    );
    expect(exitCode).to.equal(0);
    const explained = explanationSchema.parse(JSON.parse(stdout));
    if (explained.kind !== 'requirement') throw new Error('it is a requirement');
    expect(explained.run).to.include({ outcome: 'passed', seed: 9 });
    expect(explained.run!.exchange.map(({ pdu }) => pdu)).to.include.members(['bind', 'request', 'response']);
    expect(explained.faults.map(({ name }) => name)).to.include('cmid-byte-order');
    const inspected = await runInProcess(['inspect', 'all.pcapng'], { cwd: folder });
    expect(inspected.exitCode).to.equal(0);
  });

  it('takes a key of the group for what goes by the key group', async () => {
    const { stdout } = await explain('KEY-07');
    expect(stdout).to.contain("needs to know the host's key group: configure keyGroup");
    expect(stdout).to.contain('the embedded lab host with a key of group 2008-b');
    expect(stdout).to.contain('0xC004F042 product not offered by this key');
    expect(stdout).to.contain('kmsspec run KEY-07 --key-group 2008-b --fault group-b-taken-for-c');
  });

  it('says plainly what it has not run, and why', async () => {
    expect((await explain('DNS-01')).stdout)
      .to.contain('DNS-01 (MUST): the domain has an SRV record')
      .and.contain('not checked against the embedded lab host, seed 1: untestable, needs a domain')
      .and.contain('no fault of the lab host is there for it');
    expect((await explain('ROB-13')).stdout).to.contain(
      'not run here: its scenario takes minutes: --slow runs it',
    );
  });

  for (const [word, problem] of [
    ['CNT-33', 'there is no requirement and no finding CNT-33: did you mean CNT-03?'],
    ['cnt', 'CNT is a suite: name one of CNT-01 to CNT-20'],
    ['cap-49', 'cap-49 is a fault of the lab host, no requirement: caught by kmsspec explain CACHE-02'],
    ['../nothing', 'there is no requirement and no finding ../nothing: kmsspec list names the requirements'],
  ] as const) {
    it(`refuses ${word}, and says what may be meant`, async () => {
      const { exitCode, stdout, stderr } = await explain(word);
      expect([exitCode, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.contain(`kmsspec: ${problem}`);
    });
  }

  it('is interrupted in the middle of a run', async () => {
    const stop = new AbortController();
    stop.abort();
    const { exitCode } = await runInProcess(['explain', 'LIFE-01'], { cwd: folder, signal: stop.signal });
    expect(exitCode).to.equal(130);
  });

  describe('of a finding', () => {
    let id: string;
    before(async function () {
      this.timeout(60_000);
      const line = 'fuzz --runs 300 --seed 4 --stop-on-finding --quiet --fault call-id-never-zero';
      const { stdout } = await runInProcess(line.split(' '), { cwd: folder });
      id = /kmsspec fuzz --replay (\S+)/.exec(stdout)?.[1] ?? '';
    });

    it('says what was sent, by which clause that is wrong, and which field of which octets', async () => {
      const { exitCode, stdout } = await explain(id);
      expect(exitCode).to.equal(0);
      expect(stdout).to.match(new RegExp(`^${id} \\(conforms\\): call_id: expected \\d+, received \\d+\n`));
      expect(stdout).to.match(/breaks RPC-06 \(MUST\): the host .*\nsource: C706/);
      expect(stdout).to.match(/what was sent, 1 request .*\n {2}1\. machine \d asks as a .*call_id \d+/);
      expect(stdout).to.match(/> rpc\.header\.callId at offset 12 of the PDU, 4 octets: \d+; expected \d+/);
      expect(stdout).to.match(/again:\n {2}kmsspec fuzz --replay/);
    });

    it('is found by its folder, by its file, and in another folder; its JSON has its schema', async () => {
      const place = join(folder, 'kmsspec-findings');
      const { stdout } = await explain(id);
      expect((await explain(join(place, id))).stdout).to.equal(stdout);
      expect((await explain(join('kmsspec-findings', id, 'finding.json'))).stdout).to.equal(stdout);
      expect((await explain(id, '--out', place)).stdout).to.equal(stdout);
      const json = await explain(id, '--json', 'explained.json');
      expect(json.stdout).to.equal(stdout);
      const explained = explanationSchema.parse(
        JSON.parse(readFileSync(join(folder, 'explained.json'), 'utf8')),
      );
      expect(explained).to.deep.include({ kind: 'finding', also: [] });
      const misspelt = await explain(id.slice(0, -1));
      expect(misspelt.stderr).to.contain(`did you mean ${id}?`);
    });

    it('names what is of the same cause, and says where a file is damaged', async () => {
      const place = join(folder, 'kmsspec-findings', id);
      const file = join(place, 'finding.json');
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('"requests": 1', '"requests": 2'));
      const damaged = await explain(id);
      expect([damaged.exitCode, damaged.stdout]).to.deep.equal([2, '']);
      expect(damaged.stderr).to.contain('its digest does not fit');
      renameSync(file, `${file}.away`);
      expect((await explain(place)).stderr).to.contain('there is no finding');
      renameSync(`${file}.away`, file);
      writeFileSync(file, text);
      expect(existsSync(file)).to.equal(true);
    });
  });

  describe('of a difference of two hosts', () => {
    let id = '';
    let told = '';
    before(async function () {
      this.timeout(60_000);
      const line = 'diff lab lab:nil-cmid --seed 1 --time 50s --stop-on-difference --quiet --out told';
      ({ stdout: told } = await runInProcess(line.split(' '), { cwd: folder }));
      id = /^differs-[0-9a-f]{8}/m.exec(told)?.[0] ?? '';
    });

    it('says what was sent, what either did and by which clause that is wrong, in the words of the report', async () => {
      const { exitCode, stdout, stderr } = await explain(id, '--out', 'told');
      expect([exitCode, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(
        new RegExp(`^${id}: CMID differs\nA is lab, 127\\.0\\.0\\.1:\\d+, profile \\S+\n`),
      );
      const [, words = 'none'] = /^ {2}(CMID: lab: .*)$/m.exec(told) ?? [];
      expect(words).to.contain('MSG-02 is against lab:nil-cmid');
      expect(stdout.split('\n')).to.include(words);
      expect(stdout)
        .to.contain('1. machine 1 asks as a server\n')
        .and.contain('B breaks MSG-02 (MUST): the host ');
      for (const side of ['a', 'b']) {
        const [, line = ''] = new RegExp(`kmsspec (inspect .*${side}\\.pcapng)`).exec(stdout) ?? [];
        expect((await runInProcess(line.split(' '), { cwd: folder })).exitCode, line).to.equal(0);
      }
      const [, again = ''] = /again:\n {2}kmsspec (.*)/.exec(stdout) ?? [];
      expect((await runInProcess(again.split(' '), { cwd: folder })).stdout).to.contain(
        `${id}: still differs`,
      );
    });

    it('is found by its folder and by its file; its JSON has its schema; a damaged one is refused', async () => {
      const { stdout } = await explain(id, '--out', 'told');
      expect((await explain(join('told', id))).stdout).to.equal(stdout);
      const file = join(folder, 'told', id, 'difference.json');
      expect((await explain(file)).stdout).to.equal(stdout);
      const explained = explanationSchema.parse(JSON.parse((await explain(file, '--json', '-')).stdout));
      expect(explained).to.deep.include({ kind: 'difference', against: 'B', also: [] });
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('"requests": 1', '"requests": 2'));
      const damaged = await explain(file);
      expect([damaged.exitCode, damaged.stdout]).to.deep.equal([2, '']);
      expect(damaged.stderr).to.contain('its digest does not fit');
      writeFileSync(file, text);
    });
  });
});
