import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { encodePdu, KMS_INTERFACE, NDR32 } from '../../../protocol';
import { conversationWords } from '../../../reports/evidence/pdu-words';
import type { Evidence } from '../../../reports/results/result';
import { recordedConnections } from '../../../captures/testing/recorded';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { publicationOf } from '../../../scenarios/catalogue/bibliography';
import { Conversation } from './conversation';
import { HexRows } from './hex-rows';
import { markOffending } from './offending';
import { unusualFields, wrongFields } from './wrong-field';
import { GOOD_ASK } from '../../cases/case';
import { needsInWords } from '../../jobs/suite/needs';

const evidence = (direction: Evidence['direction'], bytes: Uint8Array, connection = 0): Evidence => ({
  direction,
  pdu: 'any',
  hex: Buffer.from(bytes).toString('hex'),
  connection,
});

async function recorded(name: string, connection = 0): Promise<Evidence[]> {
  const { pdus } = (await recordedConnections(name))[connection]!;
  return pdus.map(({ side, bytes }) => evidence(side === 'client' ? 'sent' : 'received', bytes));
}

describe('what is cited', () => {
  it('is in the bibliography, whatever requirement cites it', () => {
    const citations = [...new Set(CATALOGUE.flatMap(({ sources }) => sources))];
    expect(citations.filter((citation) => publicationOf(citation) === undefined)).to.deep.equal([]);
    expect(publicationOf('C7066 1.2')).to.equal(undefined);
  });
});

describe('a conversation in words', () => {
  it('tells offers, verdicts, who asks and what is answered', async () => {
    const words = conversationWords(await recorded('v4-one-connection-ndr64.pcap'));
    expect(words[0]).to.match(/^offers context 0 \(KMS 1\.0 in NDR32\)/);
    expect(words[1]).to.match(/rejected: transfer syntaxes not supported, result 2 accepted \(NDR/);
    expect(words[4]).to.match(/^call \d+, CMID [0-9a-f-]{36} asks, N_Policy 25/);
    expect(words[5]).to.match(/^call \d+, count 1, ePID "[\d-]+\.\d+-\d+", intervals 120 and 10080 minutes$/);
    // What was said of the host before is not said again.
    expect(words[7]).to.match(/^call \d+, count 2$/);
    expect(words.join('\n')).to.contain('in NDR64');
  });

  it('tells a refusal with its name', async () => {
    const words = conversationWords(await recorded('v4-refused.pcap'));
    expect(words.at(-1)).to.contain('0xC004F042 product not offered by this key');
  });

  it('tells of a machine that asks again what is not as before, and of calls what is unusual', async () => {
    const [request] = (await recorded('v4-threshold-clients.pcap')).filter(({ hex }) =>
      hex.startsWith('050000'),
    );
    const bytes = Buffer.from(request!.hex, 'hex');
    const again = Buffer.from(bytes);
    // The status of the licence, behind header, call, stub and two fields of the message.
    again.writeUInt32LE(1, 24 + 8 + 8);
    again.writeUInt16LE(3, 22);
    const [, words] = conversationWords([evidence('sent', bytes), evidence('sent', again)]);
    expect(words).to.match(/asks again, N_Policy 25, licenseStatus 1 \(licensed\), opnum 3$/);
  });

  it('tells bind_nak, faults, features, unknown syntaxes, fragments and octets that are no PDU', () => {
    const context = (contextId: number, uuid: string) => ({
      contextId,
      abstractSyntax: KMS_INTERFACE,
      transferSyntaxes: [{ uuid, version: 1 }],
    });
    const unknown = '6b6d7373-7065-4063-9001-73796e746178';
    const zeros = { uuid: '00000000-0000-0000-0000-000000000000', version: 0 };
    const pdus = [
      encodePdu({
        kind: 'bind',
        header: { callId: 1 },
        body: {
          ...{ maxXmitFrag: 1432, maxRecvFrag: 1432, assocGroupId: 7 },
          contexts: [context(0, unknown), context(1, '6cb71c2c-9812-4540-0300-000000000000')],
        },
      }),
      encodePdu({
        kind: 'bindAck',
        header: { callId: 1 },
        body: {
          ...{ maxXmitFrag: 1432, maxRecvFrag: 1432, assocGroupId: 0 },
          secondaryAddress: new Uint8Array(0),
          results: [
            { result: 2, reason: 1, transferSyntax: zeros },
            { result: 3, reason: 3, transferSyntax: zeros },
            { result: 1, reason: 9, transferSyntax: zeros },
            { result: 8, reason: 0, transferSyntax: zeros },
            { result: 0, reason: 0, transferSyntax: NDR32 },
          ],
        },
      }),
      encodePdu({
        kind: 'bindNak',
        header: { callId: 1 },
        body: { reason: 4, versions: [{ major: 5, minor: 0 }] },
      }),
      encodePdu({
        kind: 'fault',
        header: { callId: 9 },
        body: { contextId: 0, status: 0x1c010002, stub: new Uint8Array(0) },
      }),
      encodePdu({
        kind: 'request',
        header: { callId: 2, pfcFlags: 1 },
        body: { contextId: 0, opnum: 0, stub: new Uint8Array(8) },
      }),
      encodePdu({
        kind: 'request',
        header: { callId: 2 },
        body: { contextId: 4, opnum: 0, allocHint: 999, stub: new Uint8Array(4) },
      }),
      encodePdu({ kind: 'orphaned', header: { callId: 2 }, body: { content: new Uint8Array(3) } }),
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      new Uint8Array(0),
    ];
    const words = conversationWords(pdus.map((bytes) => evidence('sent', bytes)));
    expect(words).to.deep.equal([
      `offers context 0 (KMS 1.0 in ${unknown} 1), context 1 (KMS 1.0 in bind time features 0x3), association group 0x7, fragments of at most 1432 octets`,
      'result 1 rejected: interface not supported, result 2 features 0x3 granted, result 3 rejected: reason 9, result 4 8, reason 0, result 5 accepted (NDR32), no association group',
      'refused: protocol version not supported; versions 5.0',
      'call 9, fault 0x1C010002 nca_op_rng_error',
      'call 2, the first fragment, 8 octets of stub',
      'call 2, a stub of 4 octets that is no request, at stub.request.maxCount: expected 4 bytes, found 0 bytes, context 4, alloc_hint 999 of 4',
      '3 octets behind the header',
      'no whole PDU: 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a …',
      'nothing',
    ]);
  });
});

describe('a conversation that is kept', () => {
  const on = (index: number) => ({ index, client: '127.0.0.1:1', host: '127.0.0.1:2' });

  it('is its beginning and its end, with how much is between, and in bounded memory', () => {
    const conversation = new Conversation();
    conversation.opened(on(0));
    for (let i = 0; i < 100; i++) {
      conversation.sent(on(0), Uint8Array.of(i));
      conversation.received(on(0), randomBytes(100_000));
    }
    const { evidence: kept, leftOut, connections } = conversation.kept;
    expect(kept.length).to.equal(20);
    expect(leftOut).to.deep.equal({ after: 12, turns: 180 });
    expect(connections).to.equal(1);
    expect(Math.max(...kept.map(({ hex }) => hex.length))).to.be.at.most(2 * 4096);
    expect(kept[1]!.note).to.equal('the first 4096 of 100000 octets');
  });

  it('joins writes until something comes, and says how the host ended a connection', () => {
    const conversation = new Conversation();
    for (const octet of [1, 2, 3]) conversation.sent(on(1), Uint8Array.of(octet));
    conversation.closed(on(1), 'remote-reset');
    conversation.closed(on(2), 'remote-fin');
    const [only, ...others] = conversation.kept.evidence;
    expect(others).to.deep.equal([]);
    expect(only).to.include({
      hex: '010203',
      connection: 1,
      note: 'in 3 writes, then the host resets the connection',
    });
  });
});

describe('octets of a conversation', () => {
  it('are shown in full the first time, and then where they differ', () => {
    const rows = new HexRows();
    const of = (hex: string, pdu = 'request') => rows.rowsOf({ direction: 'sent', pdu, hex });
    expect(of('00'.repeat(48))).to.have.length(3);
    expect(of('00'.repeat(48))).to.deep.equal(['the same octets as before']);
    const changed = of(`${'00'.repeat(16)}ff${'00'.repeat(31)}`);
    expect(changed.map((row) => row.slice(0, 8))).to.deep.equal(['…', '0010  ff', '…']);
    expect(of('00'.repeat(16)).at(-1)).to.equal('and no more');
    expect(of('ab'.repeat(1000), 'bytes').at(-1)).to.equal('… 60 rows more');
  });
});

describe('what a finding is about', () => {
  it('is marked in the last answer that has it, and in the request before', async () => {
    const conversation = await recorded('v4-one-connection-ndr64.pcap');
    const { evidence: marked, offending } = markOffending(conversation, wrongFields({ differs: 'count' }), [
      'kms.request.licenseStatus',
    ]);
    expect(offending).to.deep.equal([conversation.length - 2, conversation.length - 1]);
    expect(marked.at(-1)!.fields).to.have.length(1);
    expect(marked.at(-1)!.fields![0]).to.include({
      path: 'kms.response.currentClientCount',
      value: '12',
      marked: true,
    });
    expect(marked.at(-2)!.fields![0]).to.include({ path: 'kms.request.licenseStatus', marked: true });
  });

  it('is the last thing sent where nothing was answered, and its stub where that does not decode', async () => {
    const cut = encodePdu({
      kind: 'request',
      header: { callId: 2 },
      body: { contextId: 0, opnum: 0, stub: new Uint8Array(4) },
    });
    const conversation = [...(await recorded('v4-refused.pcap')), evidence('sent', cut)];
    const { offending, evidence: marked } = markOffending(
      conversation,
      wrongFields({ differs: 'the host dies' }),
      ['stub.request.requestSize'],
    );
    expect(offending).to.deep.equal([conversation.length - 1]);
    expect(marked.at(-1)!.fields![0]).to.include({ path: 'rpc.request.stub' });
    expect(markOffending([], [], [])).to.deep.equal({ evidence: [], offending: [] });
  });

  it('is named by its path', () => {
    expect(wrongFields({ differs: 'malformed answer, kms.response.mac' })).to.deep.equal([
      'kms.response.mac',
    ]);
    expect(wrongFields({ differs: 'no answer to a bind' })).to.deep.equal([]);
    const change = { field: 'contextId', mode: 'hostile' as const, value: 7 };
    const bind = {
      kind: 'bind' as const,
      on: 0,
      contextId: 0,
      syntax: 'ndr32' as const,
      features: false,
      body: [],
    };
    const steps = [
      bind,
      { ...GOOD_ASK, body: [change], previous: 0, messageSize: 3 },
      { kind: 'restart' as const },
    ];
    const base = { level: 'message' as const, applications: ['a', 'b'] as const, machines: ['m'], canary: 1 };
    expect(unusualFields([{ ...base, steps }])).to.deep.equal([
      'rpc.request.contextId',
      'kms.request.previousClientMachineId',
      'stub.request.requestSize',
    ]);
  });
});

describe('what a scenario needs, in words', () => {
  it('names the control', () => {
    expect(needsInWords({})).to.deep.equal([]);
    expect(needsInWords({ fresh: true, countAtMost: 22, clock: true }).join('\n'))
      .to.contain('controls.reset')
      .and.contain('at most 22 machines')
      .and.contain('controls.advanceClock');
  });
});
