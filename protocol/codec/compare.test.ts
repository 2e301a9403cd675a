import { expect } from 'chai';
import { decodePdu, type PduOf } from '../pdu';
import { bindBody } from '../pdu-layouts';
import { kmsRequest } from '../message';
import { cutPdus, recordedConnections, recordedMessages } from '../testing/recordings';
import { diff } from './compare';
import { decode } from './decode';

/** Three contexts of one transfer syntax each, anew for each call. */
const recordedBind = (): PduOf<'bind'>['body'] =>
  (decodePdu(cutPdus(recordedConnections('v4-threshold-clients.pcap')[0]!.sent)[0]!) as PduOf<'bind'>).body;

const told = (expected: PduOf<'bind'>['body'], actual: PduOf<'bind'>['body']): unknown[] =>
  diff(bindBody, expected, actual).map((each) => [each.path, each.field.doc, each.expected, each.actual]);

describe('what differs between two values of a layout', () => {
  it('is named by its path through structures and lists, in the order of the wire', () => {
    const changed = recordedBind();
    changed.assocGroupId = 7;
    changed.contexts[0]!.abstractSyntax.major = 9;
    changed.contexts[1]!.transferSyntaxes[0]!.version = 4;
    expect(told(recordedBind(), changed)).to.deep.equal([
      ['assocGroupId', 'Association group, 0 for a new one', 0, 7],
      ['contexts[0].abstractSyntax.major', 'Interface major version', 1, 9],
      ['contexts[1].transferSyntaxes[0].version', 'Transfer syntax version', 1, 4],
    ]);
  });

  it('in a list is its length, and the items that both have', () => {
    const changed = recordedBind();
    changed.contexts.pop();
    changed.contexts[1]!.contextId = 5;
    const length = ['contexts', 'Presentation contexts offered', '3 items', '2 items'];
    const contextId = ['contexts[1].contextId', 'Presentation context, chosen by the client'];
    expect(told(recordedBind(), changed)).to.deep.equal([length, [...contextId, 1, 5]]);
    expect(told(changed, recordedBind())).to.deep.equal([
      [...length.slice(0, 2), '2 items', '3 items'],
      [...contextId, 5, 1],
    ]);
  });

  it('in bytes is what they hold, not where', () => {
    const [message] = recordedMessages().request;
    const request = decode(kmsRequest, message!);
    const paths = (other: typeof request): string[] =>
      diff(kmsRequest, request, other).map(({ path }) => path);
    expect(paths({ ...request, mac: Uint8Array.from(request.mac) })).to.deep.equal([]);
    expect(paths({ ...request, mac: request.mac.subarray(1) })).to.deep.equal(['mac']);
    expect(paths({ ...request, workstationName: Buffer.from('A') })).to.deep.equal(['workstationName']);
  });

  it('in a text that one side has as bytes is the whole of it', () => {
    const [message] = recordedMessages().request;
    const request = decode(kmsRequest, message!);
    const asBytes = { ...request, workstationName: new Uint8Array(0) };
    expect(diff(kmsRequest, asBytes, request)).to.have.length(1);
    expect(diff(kmsRequest, asBytes, { ...asBytes, workstationName: new Uint8Array(0) })).to.be.empty;
  });
});
