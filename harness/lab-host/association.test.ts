import { expect } from 'chai';
import {
  decodePdu,
  decodeResponse,
  decodeAnswerStub,
  stubEncoding,
  type KmsResponse,
  type Pdu,
  type TransferSyntax,
} from '../../protocol';
import { Association, type AssociationHost } from './association';
import { AssociationGroups } from './association-groups';
import { LabKms } from './kms';
import { type LabHostOptions, resolveSettings } from './settings';
import { type Conversation, recordedConversations, sentBy } from './testing/recorded';

function host(options: LabHostOptions = {}): AssociationHost {
  const settings = resolveSettings(options);
  return {
    kms: new LabKms(settings),
    ndr64: settings.ndr64,
    hooks: settings.hooks,
    port: 1688,
    groups: new AssociationGroups(),
  };
}

/** What a recorded answer and ours must agree in: everything but what the wire format leaves to the host. */
function comparable(bytes: Uint8Array, syntax: TransferSyntax): unknown {
  const pdu: Pdu = decodePdu(bytes);
  if (pdu.kind === 'bindAck' || pdu.kind === 'alterContextResp') {
    const { assocGroupId: _group, secondaryAddress: _address, padding: _padding, ...body } = pdu.body;
    return { ...pdu, body };
  }
  if (pdu.kind !== 'response') return pdu;
  const stub = decodeAnswerStub(pdu.body.stub, stubEncoding(syntax));
  if (stub.kind === 'refusal') return { ...pdu, stub };
  const { ePid: _ePid, mac: _mac, ...response } = decodeResponse(stub.value.message).value as KmsResponse;
  const { message: _message, ...rest } = stub.value;
  return { header: pdu.header, body: { ...pdu.body, stub: rest }, response };
}

const syntaxOf = (answer: Uint8Array): TransferSyntax =>
  answer.length > 100 && answer[20] === 1 ? 'ndr64' : 'ndr32';

function expectReplayed(conversations: readonly Conversation[], options: LabHostOptions): void {
  const shared = host(options);
  for (const conversation of conversations) {
    const association = new Association(shared);
    const answers = sentBy('client', conversation).flatMap((bytes) => association.receive(bytes));
    const recorded = sentBy('host', conversation);
    const view = (bytes: Uint8Array): unknown => comparable(bytes, syntaxOf(bytes));
    expect(answers.map(view)).to.deep.equal(recorded.map(view));
    expect(association.ending).to.equal('open');
  }
}

describe('association: recorded conversations', () => {
  it('answers 30 clients as the recorded host did', () => {
    expectReplayed(recordedConversations('v4-threshold-clients.pcap'), { ndr64: false });
  });
  it('answers the mixed fleet as the recorded host did', () => {
    expectReplayed(recordedConversations('v4-mixed-growth.pcap'), { ndr64: false });
  });
  it('answers alter_context and NDR64 as the recorded host did', () => {
    expectReplayed(recordedConversations('v4-one-connection-ndr64.pcap'), { ndr64: true });
  });
  it('refuses as the recorded host did', () => {
    expectReplayed(recordedConversations('v4-refused.pcap'), { ndr64: false, keyGroup: 'r2-c' });
  });
});
