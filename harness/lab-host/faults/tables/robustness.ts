import { fault } from './fault';

/** Faults of a host that meets input it did not expect. "Dies" is the death of the process, until it is restarted. */
export const ROBUSTNESS_FAULTS = [
  fault('dies-of-garbage', 'It dies of bytes that are no PDU.', ['ROB-01']),
  fault('dies-of-silence', 'It dies of a connection that closes without a byte.', ['ROB-01', 'ROB-13']),
  fault('dies-of-cut-pdu', 'It dies of a connection that closes in the middle of a PDU.', ['ROB-02']),
  fault('hangs-on-cut-pdu', 'It waits for ever for the rest of a PDU whose sender has gone.', ['ROB-02']),
  fault('hangs-on-frag-length-zero', 'It loops for ever over a PDU of length 0.', ['ROB-03']),
  fault('dies-of-auth-length', 'It dies of an auth_length beyond the PDU.', ['ROB-03']),
  fault('dies-of-unknown-ptype', 'It dies of a PTYPE that it does not know.', ['ROB-03']),
  fault('dies-of-endless-fragments', 'It dies of fragments that never end.', ['ROB-04']),
  fault('dies-of-last-without-first', 'It dies of a last fragment without a first.', ['ROB-04']),
  fault('dies-of-context-count', 'It dies of a bind that claims more contexts than it has.', ['ROB-05']),
  fault('hangs-on-syntax-count', 'It loops over transfer syntaxes that are not there.', ['ROB-05']),
  fault('dies-of-huge-stub-size', 'It dies of a stub that claims 2 GiB or more.', ['ROB-06']),
  fault('dies-of-empty-stub-size', 'It dies of a stub that claims 0 bytes.', ['ROB-06']),
  fault('dies-of-short-message', 'It dies of a request message that is cut.', ['ROB-07']),
  fault('dies-of-version-zero', 'It dies of version 0.0.', ['ROB-08']),
  fault('dies-of-unterminated-name', 'It reads on behind a name without NUL, and dies.', ['ROB-09']),
  fault('dies-of-surrogates', 'It dies of a name with an unpaired surrogate.', ['ROB-09']),
  fault('dies-of-required-count-zero', 'It divides by N_Policy.', ['ROB-10']),
  fault('dies-of-huge-required-count', 'It makes room for 2^31 machines, and dies.', ['ROB-10', 'CACHE-11']),
  fault('dies-of-time-zero', 'It dies of a client time of 0.', ['ROB-11']),
  fault('hangs-on-late-time', 'It loops from its own year to that of the client.', ['ROB-11']),
  fault('dies-of-reset', 'It dies of a connection that the client resets.', ['ROB-12']),
  fault('dies-after-500-silent', 'It dies of the 500th connection without a byte.', ['ROB-13']),
  fault('slow-death', 'It dies of malformed input once it has answered 10,000 requests.', ['ROB-14']),
] as const;
