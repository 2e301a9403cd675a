/** Decodes one PDU and says which bytes hold which field. */
import { decodePdu, displayValue, encodePdu, pduFieldMap } from 'kmsspec/protocol';

/** An answer as it comes from the wire: the refusal 0xC004F042, product not offered by this key. */
const bytes = Buffer.from('050002031000000024000000020000000c00000000000000000000000000000042f004c0', 'hex');

const pdu = decodePdu(bytes);
console.log(`${pdu.kind}, call ${pdu.header.callId}, ${pdu.header.fragLength} bytes`);
for (const { path, offset, length, field, value } of pduFieldMap(bytes)) {
  console.log(`${String(offset).padStart(3)} +${length}  ${path} = ${displayValue(field, value)}`);
}
console.log(`encodes to the same bytes: ${Buffer.compare(encodePdu(pdu), bytes) === 0}`);
