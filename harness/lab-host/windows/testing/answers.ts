import { expect } from 'chai';
import { NDR32, type Octets, PTYPE, ZERO } from './octets';

/** One PDU of the host, read octet by octet. */
export class Answer {
  constructor(readonly octets: Buffer) {}

  get ptype(): number {
    return this.octets[2]!;
  }
  get flags(): number {
    return this.octets[3]!;
  }
  get callId(): number {
    return this.octets.readUInt32LE(12);
  }
  /** Of a bind_ack or alter_context_resp. */
  get limits(): [number, number] {
    return [this.octets.readUInt16LE(16), this.octets.readUInt16LE(18)];
  }
  get group(): number {
    return this.octets.readUInt32LE(20);
  }
  get secondaryAddress(): string {
    return this.octets.toString('latin1', 26, 26 + this.octets.readUInt16LE(24));
  }
  /** Result, reason and transfer syntax of each context. */
  get results(): (readonly [number, number, Octets])[] {
    const listAt = (26 + this.octets.readUInt16LE(24) + 3) & ~3;
    return Array.from({ length: this.octets[listAt]! }, (_, i) => {
      const at = listAt + 4 + 24 * i;
      const syntax = [...this.octets.subarray(at + 4, at + 24)];
      return [this.octets.readUInt16LE(at), this.octets.readUInt16LE(at + 2), syntax] as const;
    });
  }
  /** Of a response or fault. */
  get contextId(): number {
    return this.octets.readUInt16LE(20);
  }
}

export const ACCEPTED = [0, 0, NDR32] as const;
export const refused = (result: number, reason: number) => [result, reason, ZERO] as const;

/** What every answer has: version 5.0, little-endian ASCII IEEE, its own length, no authentication, the call_id asked with. */
export function expectHeader(answer: Answer, ptype: number, callId: number, flags = 0x03): void {
  const { octets } = answer;
  expect(answer.ptype, 'PTYPE').to.equal(ptype);
  expect([octets[0], octets[1]], 'version').to.deep.equal([5, 0]);
  expect([...octets.subarray(4, 8)], 'data representation').to.deep.equal([0x10, 0, 0, 0]);
  expect(octets.readUInt16LE(8), 'frag_length').to.equal(octets.length);
  expect(octets.readUInt16LE(10), 'auth_length').to.equal(0);
  expect(answer.callId, 'call_id').to.equal(callId);
  expect(answer.flags.toString(16), 'flags').to.equal(flags.toString(16));
}

/** A bind_nak: one version, 5.0, and padding of any content up to 24 octets. */
export function expectNak(answer: Answer, reason: number, callId = 0): void {
  expectHeader(answer, PTYPE.bindNak, callId);
  expect(answer.octets.readUInt16LE(16), 'reason').to.equal(reason);
  expect([...answer.octets.subarray(18, 21)], 'versions').to.deep.equal([1, 5, 0]);
  expect(answer.octets.length, 'frag_length').to.equal(24);
}

export interface FaultOf {
  readonly status: number;
  readonly contextId: number;
  readonly flags: number;
}

/** A fault: 32 octets, nothing cancelled, nothing reserved, no stub, a hint that is not 0. */
export function expectFault(answer: Answer, { status, contextId, flags }: FaultOf, callId: number): void {
  expectHeader(answer, PTYPE.fault, callId, flags);
  const { octets } = answer;
  expect(octets.length, 'frag_length').to.equal(32);
  expect(octets.readUInt32LE(16), 'alloc_hint').to.equal(32);
  expect(answer.contextId, 'context_id').to.equal(contextId);
  expect([octets[22], octets[23]], 'cancel_count and reserved').to.deep.equal([0, 0]);
  expect(octets.readUInt32LE(24).toString(16), 'status').to.equal(status.toString(16));
  expect(octets.readUInt32LE(28), 'reserved').to.equal(0);
}

/** A response that grants: the hint is the length of the stub, the message is what its stub says. */
export function expectGrant(answer: Answer, contextId: number, callId: number): void {
  expectHeader(answer, PTYPE.response, callId);
  const { octets } = answer;
  expect(octets.readUInt32LE(16), 'alloc_hint').to.equal(octets.length - 24);
  expect(answer.contextId, 'context_id').to.equal(contextId);
  expect([octets[22], octets[23]], 'cancel_count and reserved').to.deep.equal([0, 0]);
  const size = octets.readUInt32LE(24);
  expect(octets.readUInt32LE(28), 'pointer').to.not.equal(0);
  expect(octets.readUInt32LE(32), 'maximum count').to.equal(size);
  const hresultAt = 36 + ((size + 3) & ~3);
  expect(octets.length, 'octets of the response').to.equal(hresultAt + 4);
  expect(octets.readUInt32LE(hresultAt), 'HRESULT').to.equal(0);
}
