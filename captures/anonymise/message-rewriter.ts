import {
  decodeAnswerStub,
  decodeRequest,
  decodeRequestStub,
  decodeResponse,
  type FieldSpan,
  ProtocolError,
  requestFieldMap,
  responseFieldMap,
  stubEncoding,
  type TransferSyntax,
} from '../../protocol';
import type { Pseudonyms } from './pseudonyms';

/** What was replaced. */
export interface RewriteCounts {
  requests: number;
  responses: number;
  /** Messages of version 5 and 6: what is encrypted was replaced as a whole. */
  sealed: number;
  /** Messages or stubs that do not decode: blanked. */
  blanked: number;
}

/** Rewrites the stubs of calls: names, machine ids, ePIDs and MACs; whatever is not known to be harmless becomes zeros. */
export class MessageRewriter {
  readonly counts: RewriteCounts = { requests: 0, responses: 0, sealed: 0, blanked: 0 };

  constructor(private readonly pseudonyms: Pseudonyms) {}

  /** The stub of a whole request, rewritten. */
  request(stub: Uint8Array, syntax: TransferSyntax, bigEndian: boolean): Buffer {
    return this.#rewrite(stub, (copy) => {
      const { message, trailing } = decodeRequestStub(copy, stubEncoding(syntax, bigEndian));
      trailing.fill(0);
      this.counts.requests++;
      this.#message(
        message,
        () => decodeRequest(message),
        () => requestFieldMap(message),
      );
    });
  }

  /** The stub of a whole response, rewritten. */
  answer(stub: Uint8Array, syntax: TransferSyntax, bigEndian: boolean): Buffer {
    return this.#rewrite(stub, (copy) => {
      const answer = decodeAnswerStub(copy, stubEncoding(syntax, bigEndian));
      answer.value.trailing.fill(0);
      if (answer.kind === 'refusal') return;
      const { message, padding } = answer.value;
      padding.fill(0);
      this.counts.responses++;
      this.#message(
        message,
        () => decodeResponse(message),
        () => responseFieldMap(message),
      );
    });
  }

  #rewrite(stub: Uint8Array, change: (copy: Buffer) => void): Buffer {
    const copy = Buffer.from(stub);
    try {
      change(copy);
      return copy;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.counts.blanked++;
      return Buffer.alloc(stub.length);
    }
  }

  #message(message: Uint8Array, decode: () => { kind: 'clear' | 'sealed' }, map: () => FieldSpan[]): void {
    let kind: 'clear' | 'sealed';
    try {
      ({ kind } = decode());
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // Its version is harmless, the rest may be anything.
      message.fill(0, Math.min(4, message.length));
      this.counts.blanked++;
      return;
    }
    if (kind === 'sealed') this.#seal(message);
    else for (const span of map()) this.#field(message, span);
  }

  /** There is no key: everything behind the version becomes other random bytes. */
  #seal(message: Uint8Array): void {
    this.counts.sealed++;
    message.set(this.pseudonyms.bytes('sealed', message, message.length - 4), 4);
  }

  #field(message: Uint8Array, { path, offset, length }: FieldSpan): void {
    const octets = message.subarray(offset, offset + length);
    switch (path.slice(path.lastIndexOf('.') + 1)) {
      case 'clientMachineId':
      case 'previousClientMachineId':
        octets.set(this.pseudonyms.machineId(octets));
        return;
      case 'workstationName':
        return this.#text(octets, 'name');
      case 'ePid':
        return this.#text(octets, 'epid');
      case 'mac':
        octets.fill(0);
    }
  }

  /** Up to the first NUL; what may hide behind it becomes zeros. */
  #text(octets: Uint8Array, purpose: 'name' | 'epid'): void {
    const whole = Buffer.from(octets).toString('utf16le');
    const nul = whole.indexOf('\0');
    const original = nul < 0 ? whole : whole.slice(0, nul);
    octets.fill(0);
    octets.set(Buffer.from(this.pseudonyms.text(purpose, original), 'utf16le'));
  }
}
