import { CONTEXT_RESULT, encodePdu, KMS_INTERFACE, TRANSFER_SYNTAXES } from '../../protocol';
import { foldChecksum, wordSum } from '../net/checksum';
import { parseEndpoint } from '../net/endpoint';
import { TCP } from '../net/segment';
import { ConversationWriter } from '../write/conversation-writer';
import { tcpFrame } from '../write/frame';
import { aRecord, dnsMessage, ipv4Frame, srvRecord, udpFrame } from './dns-files';
import { type Packets, START, toPcap } from './packets';
import type { RecordedCalls } from './recorded';

const CLIENT = '192.0.2.10:50000';
const HOST = '192.0.2.1:1688';
const V6 = ['[2001:db8::10]:50000', '[2001:db8::1]:1688'] as const;
const SERVICE = '_vlmcs._tcp.example.test';
const TARGET = 'kms.example.test';
const RESOLVER = ['192.0.2.53', 53] as const;

/** Frames with a clock that is set by hand: what fails takes seconds. */
class Script {
  readonly packets: Packets = [];
  #now = START;
  readonly conversations = new ConversationWriter({
    packet: (packet) => void this.packets.push(packet),
    close: () => undefined,
  });

  /** The time after so many milliseconds more. */
  tick(milliseconds = 0.5): bigint {
    this.#now += BigInt(Math.round(milliseconds * 1e6));
    return this.#now;
  }

  frame(data: Buffer, milliseconds = 0.5): void {
    this.packets.push({ timestampNs: this.tick(milliseconds), data });
  }

  /** A segment without payload, from the client or back. */
  segment(
    flags: number,
    milliseconds = 0.5,
    [client, host]: readonly [string, string] = [CLIENT, HOST],
  ): void {
    const ends = [parseEndpoint(client), parseEndpoint(host)] as const;
    const [from, to] = (flags & TCP.ack) === 0 ? ends : [ends[1], ends[0]];
    const numbers = { sequence: (flags & TCP.ack) === 0 ? 1000 : 0, acknowledgement: 1001 };
    this.frame(tcpFrame({ from, to, flags, ...numbers }), milliseconds);
  }

  lookup(type: number, asked: string, code: number | null, ...answers: Buffer[]): void {
    const question = { id: type, name: asked, type };
    const client = ['192.0.2.10', 50_053] as const;
    this.frame(udpFrame(client, RESOLVER, dnsMessage(question, null)));
    if (code !== null) this.frame(udpFrame(RESOLVER, client, dnsMessage(question, code, answers)));
  }

  found(): void {
    this.lookup(33, SERVICE, 0, srvRecord(1688, TARGET));
    this.lookup(1, TARGET, 0, aRecord('192.0.2.1'));
  }
}

const SYNTAX = TRANSFER_SYNTAXES.ndr32;

function bindOf(uuid: string): Buffer {
  const contexts = [{ contextId: 0, abstractSyntax: { ...KMS_INTERFACE, uuid }, transferSyntaxes: [SYNTAX] }];
  const body = { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts };
  return Buffer.from(encodePdu({ kind: 'bind', header: { callId: 2 }, body }));
}

const NAK = (reason: number): Buffer =>
  Buffer.from(
    encodePdu({
      kind: 'bindNak',
      header: { callId: 2 },
      body: { reason, versions: [{ major: 5, minor: 0 }] },
    }),
  );

function refusedContext(reason: number): Buffer {
  const transferSyntax = { uuid: '00000000-0000-0000-0000-000000000000', version: 0 };
  const results = [{ result: CONTEXT_RESULT.providerRejection, reason, transferSyntax }];
  const secondaryAddress = Buffer.from('1688\0');
  const body = { maxXmitFrag: 5840, maxRecvFrag: 5840, assocGroupId: 1, secondaryAddress, results };
  return Buffer.from(encodePdu({ kind: 'bindAck', header: { callId: 2 }, body }));
}

const faultOf = (status: number): Buffer =>
  Buffer.from(encodePdu({ kind: 'fault', header: { callId: 2 }, body: { contextId: 0, status } }));

/** ICMP that quotes the client's SYN. */
function icmp(code: number): Buffer {
  const syn = tcpFrame({
    from: parseEndpoint(CLIENT),
    to: parseEndpoint(HOST),
    flags: TCP.syn,
    sequence: 1000,
    acknowledgement: 0,
  });
  const body = Buffer.concat([Buffer.of(3, code, 0, 0, 0, 0, 0, 0), syn.subarray(14, 14 + 28)]);
  body.writeUInt16BE(foldChecksum(wordSum(body, 0, body.length)), 2);
  return ipv4Frame(1, '192.0.2.254', '192.0.2.10', body);
}

/** The answer that refuses, with another HRESULT. */
function withHresult(pdu: Buffer, hresult: number): Buffer {
  const copy = Buffer.from(pdu);
  copy.writeUInt32LE(hresult, copy.indexOf(Buffer.from('42f004c0', 'hex')));
  return copy;
}

/** Captures of activations that fail, by file name: each as it goes on the wire, with what led to it. */
export function attemptFiles({ pdus }: RecordedCalls): Map<string, Buffer> {
  const [bind, bindAck, request, answer] = pdus.map(({ bytes }) => bytes) as [Buffer, Buffer, Buffer, Buffer];
  const files = new Map<string, Buffer>();
  const add = (name: string, play: (script: Script) => void): void => {
    const script = new Script();
    play(script);
    files.set(`fail-${name}.pcap`, toPcap(script.packets));
  };
  /** A connection on which these PDUs go forth and back, the client's first. */
  const talk = (script: Script, ...sent: readonly Buffer[]) => {
    const conversation = script.conversations.open(CLIENT, HOST, script.tick());
    sent.forEach((bytes, i) => conversation.send(i % 2 === 0 ? 'client' : 'host', bytes, script.tick()));
    return conversation;
  };
  const closing = (
    name: string,
    by: 'client' | 'host',
    how: 'end' | 'reset',
    ...sent: readonly Buffer[]
  ): void =>
    add(name, (script) => {
      const conversation = talk(script, ...sent);
      conversation[how](by, script.tick(20_000));
      if (how === 'end') conversation.end(by === 'client' ? 'host' : 'client', script.tick());
    });
  add('syn-unanswered', (script) => {
    script.found();
    for (const wait of [1, 3000, 6000]) script.segment(TCP.syn, wait);
  });
  add('refused', (script) => {
    script.found();
    script.segment(TCP.syn);
    script.segment(TCP.rst | TCP.ack);
  });
  add('refused-ipv6', (script) => {
    script.segment(TCP.syn, 1, V6);
    script.segment(TCP.rst | TCP.ack, 1, V6);
  });
  add('unreachable', (script) => {
    script.segment(TCP.syn);
    script.frame(icmp(13));
  });
  closing('probe', 'client', 'end');
  add('silent', (script) => {
    talk(script);
    script.tick(30_000);
    script.found();
  });
  add('unread', (script) => {
    talk(script, bind, bindAck, request).end('client', script.tick());
    // As "tcpdump -s 54" records: headers alone.
    for (const [i, packet] of script.packets.entries())
      script.packets[i] = {
        ...packet,
        data: packet.data.subarray(0, 54),
        originalLength: packet.data.length,
      };
  });
  add('other-port', (script) => {
    script.lookup(33, SERVICE, 0, srvRecord(16_880, TARGET));
    script.lookup(1, TARGET, 0, aRecord('192.0.2.1'));
    script.segment(TCP.syn, 1, [CLIENT, '192.0.2.1:16880']);
    script.segment(TCP.rst | TCP.ack, 1, [CLIENT, '192.0.2.1:16880']);
  });
  add('syn-seen-twice', (script) => {
    for (const wait of [1, 0.01, 3000, 0.01]) script.segment(TCP.syn, wait);
  });
  closing('closed-before-bind', 'host', 'end');
  closing('reset-before-bind', 'host', 'reset');
  closing('closed-after-bind', 'host', 'end', bind);
  closing('reset-after-bind', 'host', 'reset', bind, bindAck);
  closing('bind-unanswered', 'client', 'end', bind);
  for (const reason of [0, 1, 2, 4]) closing(`bind-nak-${reason}`, 'client', 'end', bind, NAK(reason));
  closing('context-refused', 'client', 'end', bind, refusedContext(1));
  closing('fault', 'client', 'end', bind, bindAck, request, faultOf(0x1c010002));
  closing('no-answer', 'client', 'end', bind, bindAck, request);
  closing('reset-after-request', 'host', 'reset', bind, bindAck, request);
  add('cut', (script) => void talk(script, bind, bindAck, request));
  add('no-srv-record', (script) => {
    script.lookup(33, SERVICE, 3);
    script.lookup(33, SERVICE, 3);
  });
  add('lookup-failed', (script) => script.lookup(33, SERVICE, 2));
  add('lookup-unanswered', (script) => script.lookup(33, SERVICE, null));
  closing('not-rpc', 'client', 'end', Buffer.from('GET / HTTP/1.1\r\nHost: kms.example.test\r\n\r\n'));
  closing('other-rpc', 'client', 'end', bindOf('12345778-1234-abcd-ef00-0123456789ac'));
  add('other-rpc-without-bind', (script) => {
    const other = Buffer.from(request);
    other.writeUInt16LE(7, 22); // opnum
    talk(script, other, answer).end('client', script.tick());
  });
  closing('count-too-low', 'client', 'end', bind, bindAck, request, withHresult(answer, 0xc004f038));
  closing('clock', 'client', 'end', bind, bindAck, request, withHresult(answer, 0xc004f06c));
  return files;
}
