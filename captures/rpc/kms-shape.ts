import { type PduOf, readRequest, type TransferSyntax } from '../../protocol';

const KMS_OPNUM = 0;
const VERSIONS: ReadonlySet<number> = new Set([4, 5, 6]);
/** A sealed message: version, initialization vector, and at least what a request of version 4 without its MAC takes, in blocks of 16. */
const SEALED_MINIMUM = 4 + 16 + 240;

/**
 * Whether a call can be a KMS request, where no bind tells: opnum 0, a stub whose lengths fit, a version that there is, and a
 * message of that version's size.
 */
export function isKmsRequest(call: PduOf<'request'>, syntax: TransferSyntax): boolean {
  if (call.body.opnum !== KMS_OPNUM) return false;
  const { bytes, content } = readRequest(call, syntax);
  if (content.kind === 'malformed' || !VERSIONS.has(content.value.majorVersion)) return false;
  return content.kind === 'clear' || (bytes.length >= SEALED_MINIMUM && (bytes.length - 20) % 16 === 0);
}
