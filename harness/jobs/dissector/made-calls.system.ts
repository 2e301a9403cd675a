import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConversationWriter, FileSink, PcapWriter } from '../../../captures';
import {
  encodePdu,
  encodeRequestStub,
  encodeResponseStub,
  filetimeFromUnixMs,
  fragment,
  overwriteField,
  requestFieldMap,
  responseFieldMap,
  stubEncoding,
} from '../../../protocol';
import {
  BIND_BODY,
  bindAckPdu,
  bindPdu,
  CONTEXT,
  requestMessage,
  requestPdu,
  responseMessage,
  responsePdu,
} from '../../testing/made-calls';
import { requireProgram, tsharkFields, type TsharkRow } from '../../testing/tshark';
import { filterFields, wiresharkDissector } from './dissector';
import { EXPERT_INFOS } from './expert-infos';

const EXPERTS = EXPERT_INFOS.map(({ abbreviation }) => abbreviation);

describe('the dissector in tshark, on calls that no corpus holds', () => {
  let serial = 0;
  let folder: string;
  let dissector: string;
  before(async () => {
    await requireProgram('tshark', 'tshark');
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-dissector-'));
    dissector = join(folder, 'kms.lua');
    writeFileSync(dissector, wiresharkDissector('0.0.0'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const rowsOf = (capture: string, filter = 'kms', extra: readonly string[] = []): Promise<TsharkRow[]> =>
    tsharkFields(capture, dissector, [...filterFields(), ...EXPERTS], ['-Y', filter, ...extra]);

  /** Writes one connection: what each side sends, in turns, bytes as they are. */
  const conversation = (
    turns: readonly (readonly ['client' | 'host', Uint8Array])[],
    segment?: number,
  ): string => {
    const file = join(folder, `made-${++serial}.pcap`);
    const writer = new ConversationWriter(
      new PcapWriter(new FileSink(file)),
      segment === undefined ? {} : { maxSegmentSize: segment },
    );
    const written = writer.open('127.0.0.1:40000', '127.0.0.1:1688', 1_000_000_000n);
    turns.forEach(([side, bytes], i) => written.send(side, bytes, 1_000_000_000n + BigInt(i + 1) * 1000n));
    writer.close();
    return file;
  };
  const bound: readonly (readonly ['client' | 'host', Uint8Array])[] = [
    ['client', bindPdu()],
    ['host', bindAckPdu()],
  ];
  it('joins fragments, and segments of one byte', async () => {
    const stub = encodeRequestStub({ message: requestMessage() }, stubEncoding('ndr32'));
    const pieces = fragment<'request'>(
      { kind: 'request', header: { callId: 2 }, body: { contextId: 0, opnum: 0, stub } },
      100,
    ).map((piece) => encodePdu(piece));
    expect(pieces).to.have.length(3);
    // Wireshark knows DCE/RPC by its first segment; where that is a few bytes it has to be told (Decode As).
    for (const [segment, extra] of [
      [undefined, []],
      [17, []],
      [1, ['-d', 'tcp.port==1688,dcerpc']],
    ] as const) {
      const file = conversation(
        [
          ...bound,
          ...pieces.map((piece) => ['client', piece] as const),
          ['host', responsePdu(responseMessage())],
        ],
        segment,
      );
      const rows = await rowsOf(file, 'kms', extra);
      expect(rows.map((row) => row['kms.kind'])).to.deep.equal([['request'], ['response']]);
      expect(rows[0]!['kms.workstation_name']).to.deep.equal(['PC-1.example.test']);
      expect(rows[1]!['kms.threshold']).to.deep.equal(['25']);
    }
  });

  it('reads two calls in one segment, each its own', async () => {
    const second = requestMessage({ clientMachineId: '22222222-2222-4222-8222-222222222222' });
    const file = conversation([
      ...bound,
      ['client', Buffer.concat([requestPdu(requestMessage()), requestPdu(second, { callId: 3 })])],
    ]);
    const [row] = await rowsOf(file);
    expect(row!['kms.cmid']).to.deep.equal([
      '11111111-1111-4111-8111-111111111111',
      '22222222-2222-4222-8222-222222222222',
    ]);
    expect(row!['kms.kind']).to.deep.equal(['request', 'request']);
  });

  it('reads a call whose bind is not in the capture', async () => {
    const file = conversation([
      ['client', requestPdu(requestMessage())],
      ['host', responsePdu(responseMessage())],
    ]);
    const rows = await rowsOf(file);
    expect(rows.map((row) => row['kms.kind'])).to.deep.equal([['request'], ['response']]);
  });

  it('leaves other interfaces alone', async () => {
    const other = encodePdu({
      kind: 'bind',
      header: { callId: 1 },
      body: {
        ...BIND_BODY,
        contexts: [
          {
            ...CONTEXT,
            abstractSyntax: { uuid: '12345778-1234-abcd-ef00-0123456789ac', major: 1, minor: 0 },
          },
        ],
      },
    });
    const file = conversation([
      ['client', other],
      ['host', bindAckPdu()],
      ['client', requestPdu(requestMessage())],
    ]);
    expect(await rowsOf(file, 'dcerpc')).to.not.be.empty;
    expect(await rowsOf(file)).to.deep.equal([]);
  });

  const expertsOf = async (file: string): Promise<string[]> => {
    const marked = (await rowsOf(file)).flatMap((row) => EXPERTS.filter((expert) => row[expert]!.length > 0));
    return marked
      .map((expert) => expert.replace('kms.expert.', ''))
      .filter((expert) => expert !== 'mac_unchecked');
  };
  const answered = (response: Uint8Array): string =>
    conversation([...bound, ['client', requestPdu(requestMessage())], ['host', responsePdu(response)]]);

  it('marks a good exchange with nothing', async () => {
    expect(await expertsOf(answered(responseMessage()))).to.deep.equal([]);
  });

  it('marks what is not echoed', async () => {
    const other = responseMessage({
      clientMachineId: '33333333-3333-4333-8333-333333333333',
      requestTime: 1n,
      majorVersion: 3,
    });
    expect(await expertsOf(answered(other))).to.have.members(['echo_cmid', 'echo_time', 'echo_version']);
  });

  it('marks an ePID that is odd, too long or without NUL, and intervals out of range', async () => {
    const odd = responseMessage({ ePid: Buffer.from('abc') });
    expect(await expertsOf(answered(odd))).to.have.members(['epid_odd', 'epid_unterminated']);
    const long = responseMessage({
      ePid: 'x'.repeat(64),
      activationIntervalMinutes: 14,
      renewalIntervalMinutes: 43201,
    });
    expect(await expertsOf(answered(long))).to.have.members(['epid_too_long', 'interval']);
    const bare = responseMessage({ ePid: Buffer.from('abcd') });
    expect(await expertsOf(answered(bare))).to.have.members(['epid_unterminated']);
  });

  it('marks a PIDSize that lies as malformed, whatever it claims', async () => {
    for (const claimed of [0x80, 0x7fffffff, 0xffffffff]) {
      const lying = responseMessage();
      const size = Buffer.alloc(4);
      size.writeUInt32LE(claimed);
      overwriteField(lying, responseFieldMap(lying), 'kms.response.ePidSize', size);
      expect(await expertsOf(answered(lying)), `${claimed}`).to.include('malformed');
    }
  });

  it('marks lengths that differ, octets behind, and names without NUL', async () => {
    const name = requestMessage();
    overwriteField(name, requestFieldMap(name), 'kms.request.workstationName', Buffer.alloc(128, 0x41));
    expect(await expertsOf(conversation([...bound, ['client', requestPdu(name)]]))).to.deep.equal([
      'name_unterminated',
    ]);
    const differing = encodeRequestStub(
      { message: requestMessage(), requestSize: 251n },
      stubEncoding('ndr32'),
    );
    const pdu = (stub: Uint8Array) =>
      encodePdu({ kind: 'request', header: { callId: 2 }, body: { contextId: 0, opnum: 0, stub } });
    expect(await expertsOf(conversation([...bound, ['client', pdu(differing)]]))).to.deep.equal([
      'lengths_differ',
    ]);
    const behind = Buffer.concat([
      encodeRequestStub({ message: requestMessage() }, stubEncoding('ndr32')),
      Buffer.from('tail'),
    ]);
    expect(await expertsOf(conversation([...bound, ['client', pdu(behind)]]))).to.deep.equal(['trailing']);
    const longer = Buffer.concat([requestMessage(), Buffer.from('tail')]);
    expect(await expertsOf(conversation([...bound, ['client', requestPdu(longer)]]))).to.deep.equal([
      'surplus',
    ]);
  });

  it('survives a request and a response cut after every length', async () => {
    const stub = encodeRequestStub({ message: requestMessage() }, stubEncoding('ndr32'));
    const answer = encodeResponseStub({ message: responseMessage() }, stubEncoding('ndr32'));
    const turns: (readonly ['client' | 'host', Uint8Array])[] = [...bound];
    let callId = 10;
    for (let length = 1; length < stub.length; length++) {
      const body = { contextId: 0, opnum: 0, stub: stub.subarray(0, length) };
      turns.push(['client', encodePdu({ kind: 'request', header: { callId: callId++ }, body })]);
    }
    for (let length = 1; length < answer.length; length++) {
      const body = { contextId: 0, stub: answer.subarray(0, length) };
      turns.push(['host', encodePdu({ kind: 'response', header: { callId: callId++ }, body })]);
    }
    // tsharkFields throws on any Lua error.
    const rows = await rowsOf(conversation(turns));
    expect(rows).to.have.length(stub.length + answer.length - 2);
    expect(rows.filter((row) => row['kms.expert.malformed']!.length > 0)).to.have.length.greaterThan(400);
  });

  it('shows client clocks at both ends of what a FILETIME holds', async () => {
    const turns: (readonly ['client' | 'host', Uint8Array])[] = [...bound];
    const times = [0n, 1n, filetimeFromUnixMs(0) - 1n, (1n << 63n) - 1n, (1n << 64n) - 1n];
    times.forEach((requestTime, i) =>
      turns.push(['client', requestPdu(requestMessage({ requestTime }), { callId: 2 + i })]),
    );
    const rows = await rowsOf(conversation(turns));
    expect(rows.map((row) => row['kms.request_time.filetime']![0])).to.deep.equal(times.map(String));
  });
});
