import { readAnswer, readRequest } from '../call';
import { Defragmenter } from '../fragments';
import { Framer } from '../framer';
import { decodeRequest, decodeResponse, requestFieldMap, responseFieldMap } from '../message';
import { decodeHeader, decodePdu, encodePdu, pduFieldMap } from '../pdu';
import { protocolErrorOf } from './expect-error';

/**
 * Puts bytes through everything that reads bytes from a peer. Anything thrown but ProtocolError comes through, as does a PDU that
 * does not encode to the bytes that it was decoded from.
 */
export function decodeAsEverything(bytes: Uint8Array): void {
  for (const read of [
    decodeHeader,
    pduFieldMap,
    decodeRequest,
    decodeResponse,
    requestFieldMap,
    responseFieldMap,
  ]) {
    protocolErrorOf(() => read(bytes));
  }
  protocolErrorOf(() => new Framer().push(bytes));
  decodeAsPdu(bytes);
  if (bytes.length < 10) return;
  const framed = Buffer.from(bytes);
  framed[0] = 5;
  if (framed[4] === 0) framed.writeUInt16BE(framed.length & 0xffff, 8);
  else framed.writeUInt16LE(framed.length & 0xffff, 8);
  decodeAsPdu(framed);
}

function decodeAsPdu(bytes: Uint8Array): void {
  protocolErrorOf(() => {
    const pdu = decodePdu(bytes);
    if (Buffer.compare(encodePdu(pdu), bytes) !== 0) {
      throw new Error(`decoded, then encoded to other bytes: ${Buffer.from(bytes).toString('hex')}`);
    }
    if (pdu.kind !== 'request' && pdu.kind !== 'response') return;
    for (const syntax of ['ndr32', 'ndr64'] as const) {
      if (pdu.kind === 'request') readRequest(pdu, syntax);
      else readAnswer(pdu, syntax);
    }
    new Defragmenter<'request' | 'response'>().push(pdu);
  });
}
