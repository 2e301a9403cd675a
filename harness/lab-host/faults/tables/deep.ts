import { deepFault } from './fault';

/** Faults that need a coincidence: no scenario meets them, a fuzzer must. */
export const DEEP_FAULTS = [
  deepFault('dies-of-virtual-extended-grace', 'It dies of LicenseStatus 6 from a virtual machine.', 'alive'),
  deepFault(
    'dies-of-second-first',
    'It dies of a FIRST fragment of one call while another is unfinished.',
    'alive',
  ),
  deepFault('dies-of-unknown-status', 'It dies of a LicenseStatus above 6 with minutes left.', 'alive'),
  deepFault('dies-of-full-binding-expiration', 'It dies of a binding expiration of 2^32-1.', 'alive'),
  deepFault('dies-of-object-uuid', 'It dies of a request with an object UUID.', 'alive'),
  deepFault(
    'dies-of-orphaned-fragments',
    'It dies of a call that is orphaned between its fragments.',
    'alive',
  ),
  deepFault('dies-of-odd-vm-info', 'It dies of a VMInfo with the highest bit set.', 'alive'),
  deepFault(
    'dies-of-refusal-then-renewal',
    'It dies of a machine that is granted after it was refused.',
    'alive',
  ),
  deepFault('hangs-on-long-surrogate-name', 'It hangs on a name of 63 units that has a surrogate.', 'time'),
  deepFault('hangs-on-high-context', 'It hangs on a bind with context id 65535.', 'time'),
  deepFault('hangs-on-empty-fragment', 'It hangs on a fragment without stub.', 'time'),
  deepFault(
    'counts-known-previous-cmid',
    'It counts one more for ever when CMID_prev is that of another machine.',
    'count',
  ),
  deepFault('miscounts-cmid-ending-ff', 'It counts a machine twice whose CMID ends in ff.', 'count'),
  deepFault(
    'double-count-at-split',
    'It counts a request twice that comes in two segments, cut behind the header.',
    'count',
  ),
  deepFault('nil-cmid-empties-cache', 'It empties its cache for a CMID of zeros.', 'count'),
  deepFault('required-count-8-bit', 'It keeps twice N_Policy in 8 bits.', 'count'),
  deepFault(
    'swallows-count-after-refusal',
    'It does not count the new machine that follows a refusal.',
    'count',
  ),
  deepFault('one-cmid-one-application', 'It moves a machine that asks for another application.', 'count'),
  deepFault('own-previous-cmid-forgets', 'It forgets a machine whose CMID_prev is its CMID.', 'count'),
  deepFault(
    'two-connections-count-twice',
    'It counts a machine again that renews over another connection that is open.',
    'count',
  ),
  deepFault('call-id-low-byte', 'It answers a call_id whose low byte is ff with the next one.', 'conforms'),
  deepFault('time-before-1970', 'It returns 1970 for client times before it.', 'conforms'),
  deepFault(
    'epid-grows-with-name',
    'It sends an overlong ePID to names of 60 characters and more.',
    'conforms',
  ),
  deepFault(
    'context-id-after-alter',
    'It answers in the context of the bind after an alter_context.',
    'conforms',
  ),
  deepFault(
    'leaks-name-after-malformed',
    'It sends the last name behind the ePID after a malformed request.',
    'leak',
  ),
  deepFault('leaks-orphaned-connection', 'It never lets go of a connection that sent orphaned.', 'release'),
] as const;
