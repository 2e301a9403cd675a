import { encodePdu, encodeRequestStub, fragment, LITTLE_ENDIAN, type PduInputOf } from '../../../protocol';

/** A call cut into fragments of so many bytes of stub; with an empty one behind the first, if asked for. */
export function clientFragments(
  message: Uint8Array,
  maxStub: number,
  callId = 3,
  withEmpty = false,
): Uint8Array[] {
  const stub = encodeRequestStub({ message }, LITTLE_ENDIAN);
  const call: PduInputOf<'request'> = {
    kind: 'request',
    header: { callId },
    body: { contextId: 0, opnum: 0, stub },
  };
  const parts = fragment(call, maxStub);
  if (withEmpty) {
    const { body, header } = parts[1]!;
    parts.splice(1, 0, { kind: 'request', header, body: { ...body, stub: new Uint8Array(0) } });
  }
  return parts.map((part) => encodePdu(part));
}
