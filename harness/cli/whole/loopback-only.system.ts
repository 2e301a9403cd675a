import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { VERBS } from '../verbs';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');
const CAPTURE = join(packageRoot(), 'captures/corpus/v4-refused.pcap');
/** An address of the namespace that is none of loopback: a connection to it would be made, and is seen. */
const ELSEWHERE = '192.0.2.1';
const ELSEWHERE_6 = '2001:db8::1';

/** Ways to name what is not this machine, some of which look as if it were. */
const SPELLINGS: readonly string[] = [
  `${ELSEWHERE}:1688`,
  `[${ELSEWHERE_6}]:1688`,
  `[::ffff:${ELSEWHERE}]:1688`,
  '[::ffff:c000:201]:1688',
  `[::${ELSEWHERE}]:1688`,
  `[64:ff9b::${ELSEWHERE}]:1688`,
  '3221225985:1688',
  '0xc0000201:1688',
  '0300.0.02.01:1688',
  '192.0.513:1688',
  `127.0.0.1%${ELSEWHERE}:1688`,
  `[127.0.0.1%${ELSEWHERE}]:1688`,
  `[::1%${ELSEWHERE}]:1688`,
  `127.0.0.1@${ELSEWHERE}:1688`,
  `localhost.${ELSEWHERE}:1688`,
  'elsewhere.test:1688',
  'changing.test:1688',
  '.changing.test',
];

/** Verbs that take a target, each with what it needs beside. */
const VERBS_WITH_TARGET: Readonly<Record<string, readonly string[]>> = {
  run: ['run', 'MSG-01'],
  replay: ['replay', CAPTURE],
  stream: ['stream', 'client'],
  fleet: ['fleet', '--clients', '1', '--days', '1'],
  fuzz: ['fuzz', '--runs', '5'],
  load: ['load', '--duration', '100ms'],
  probe: ['probe'],
};
/** They name no host, or are asked for one in another way: below. */
const OTHERS = [
  ...['record', 'discover', 'host', 'ctl', 'diff'],
  ...VERBS.filter(({ onlyComputes }) => onlyComputes).map(({ name }) => name),
  ...['inspect', 'anonymise', 'coverage'],
];

/** Answers SRV with a name, and that name with this machine at first and then with another. */
const DNS = `const dns = require(${JSON.stringify(require.resolve('dns-packet'))});
const socket = require('node:dgram').createSocket('udp4');
let asked = 0;
socket.on('message', (bytes, { port, address }) => {
  const query = dns.decode(bytes);
  const [{ name, type }] = query.questions;
  const elsewhere = name.startsWith('elsewhere') || asked++ % 2 === 1;
  const answers = type === 'SRV' ? [{ name, type, ttl: 0, data: { target: 'changing.test', port: 1688 } }]
    : type === 'A' ? [{ name, type, ttl: 0, data: elsewhere ? '${ELSEWHERE}' : '127.0.0.1' }] : [];
  socket.send(dns.encode({ type: 'response', id: query.id, flags: dns.AUTHORITATIVE_ANSWER, questions: query.questions, answers }), port, address);
});
socket.bind(53, '127.0.0.1', () => process.send?.('ready'));`;

/** A machine with addresses beside those of loopback, whose DNS is the program above. The command line stands behind. */
const NAMESPACE = `set -e
ip link set lo up
ip addr add ${ELSEWHERE}/24 dev lo
ip -6 addr add ${ELSEWHERE_6}/64 dev lo
echo 'nameserver 127.0.0.1' > resolv.conf
mount --bind resolv.conf /etc/resolv.conf
"$1" dns.cjs & dns=$!
trap 'kill $dns' EXIT
set +e
strace -f -qq -o trace -e trace=connect,sendto,sendmsg,sendmmsg "$@"
exit $?`;

describe('without --allow-remote', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-loopback-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the program in a network namespace of its own. @returns the addresses beyond loopback that it turned to */
  const turnedTo = (argv: readonly string[]): { addresses: string[]; stderr: string } => {
    writeFileSync(join(folder, 'dns.cjs'), DNS);
    const words = ['-n', '-m', 'sh', '-c', NAMESPACE, 'sh', process.execPath, MAIN, ...argv];
    const { stderr, error } = spawnSync('unshare', words, { cwd: folder, encoding: 'utf8', timeout: 90_000 });
    if (error !== undefined) throw error;
    const trace = readFileSync(join(folder, 'trace'), 'latin1');
    expect(trace, `strace saw nothing: ${stderr}`).to.match(/connect|send|exited|^$/);
    return { addresses: [...new Set(addressesOf(trace))].filter((one) => !isLoopback(one)), stderr };
  };

  it('strace sees who is asked, where it is allowed', () => {
    const { addresses } = turnedTo([
      'probe',
      '--target',
      SPELLINGS[0]!,
      '--allow-remote',
      '--timeout',
      '1000',
    ]);
    expect(addresses).to.deep.equal([ELSEWHERE]);
  });

  for (const target of SPELLINGS) {
    it(`probe turns to nobody beyond loopback by --target ${target}`, () => {
      const { addresses, stderr } = turnedTo(['probe', '--target', target, '--timeout', '1000']);
      expect(addresses, stderr).to.deep.equal([]);
    });
  }

  it('every verb is looked at', () => {
    expect([...Object.keys(VERBS_WITH_TARGET), ...OTHERS].sort()).to.deep.equal(
      VERBS.map(({ name }) => name).sort(),
    );
  });

  for (const [verb, argv] of Object.entries(VERBS_WITH_TARGET)) {
    for (const target of [SPELLINGS[0]!, 'changing.test:1688']) {
      it(`${verb} turns to nobody beyond loopback by --target ${target}`, () => {
        const { addresses, stderr } = turnedTo([...argv, '--target', target, '--timeout', '1000']);
        expect(addresses, stderr).to.deep.equal([]);
      });
    }

    it(`${verb} turns to nobody beyond loopback by the configuration of its folder`, () => {
      writeFileSync(join(folder, 'kmsspec.yaml'), `target: ${ELSEWHERE}:1688\ndns: ${ELSEWHERE}\n`);
      const { addresses, stderr } = turnedTo([...argv, '--timeout', '1000']);
      expect(addresses, stderr).to.deep.equal([]);
    });
  }

  for (const [what, argv] of Object.entries({
    'record to another machine': [
      'record',
      '--listen',
      '127.0.0.1:0',
      '--out',
      'r.pcapng',
      '--target',
      SPELLINGS[0]!,
    ],
    'one of two hosts': ['diff', SPELLINGS[0]!, 'lab', '--timeout', '1000'],
    'hosts that a domain publishes': ['discover', 'changing.test', '--dns', '127.0.0.1', '--timeout', '1000'],
    'a lab host that is published elsewhere': [
      'host',
      '--port',
      '0',
      '--publish',
      'lab.test',
      '--dns',
      ELSEWHERE,
    ],
  })) {
    it(`${argv[0]} turns to nobody beyond loopback: ${what}`, () => {
      const { addresses, stderr } = turnedTo(argv);
      expect(addresses, stderr).to.deep.equal([]);
    });
  }
});

/** Every address to which something was sent, or a connection made, in the words of strace. */
const addressesOf = (trace: string): string[] =>
  [...trace.matchAll(/inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g)].map(
    ([, v4, v6]) => v4 ?? v6!,
  );

const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.|::ffff:7f)/.test(address);
