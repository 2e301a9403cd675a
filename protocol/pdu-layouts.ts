import {
  bytes,
  bytesOf,
  guid,
  initially,
  itemsOf,
  layout,
  list,
  padding,
  rest,
  struct,
  u16,
  u32,
  u8,
  type ValueOf,
} from './layout';

/** PDU types (C706 12.6.4). */
export const PTYPE = {
  request: 0,
  response: 2,
  fault: 3,
  bind: 11,
  bindAck: 12,
  bindNak: 13,
  alterContext: 14,
  alterContextResp: 15,
  shutdown: 17,
  coCancel: 18,
  orphaned: 19,
} as const;

/** A kind of PDU that has a type of its own here. */
export type PduKind = keyof typeof PTYPE;

/** Bits of pfc_flags (C706 12.6.3.1). */
export const PFC = {
  firstFrag: 0x01,
  lastFrag: 0x02,
  /** In requests; in bind, alter_context and their answers the same bit is `headerSigning` (MS-RPCE 2.2.2.3). */
  pendingCancel: 0x04,
  headerSigning: 0x04,
  concMpx: 0x10,
  didNotExecute: 0x20,
  maybe: 0x40,
  objectUuid: 0x80,
} as const;

/** pfc_flags of a PDU that is not fragmented: first and last at once. */
export const PFC_WHOLE: number = PFC.firstFrag | PFC.lastFrag;

/** packed_drep of little-endian integers, ASCII and IEEE floats (C706 14.1). */
export const DREP_LITTLE_ENDIAN = Uint8Array.of(0x10, 0, 0, 0);
/** packed_drep of big-endian integers, ASCII and IEEE floats (C706 14.1). */
export const DREP_BIG_ENDIAN = Uint8Array.of(0, 0, 0, 0);

/** Bytes of the common header of every PDU (C706 12.6.3.1). */
export const HEADER_SIZE = 16;
/** Bytes between header and stub in request and response. */
export const CALL_HEADER_SIZE = 8;

const PTYPE_NAMES = Object.fromEntries(Object.entries(PTYPE).map(([name, value]) => [value, name]));

/** The common header of every PDU (C706 12.6.3.1). */
export const pduHeader = layout('rpc.header', {
  rpcVers: initially(u8('RPC version'), 5),
  rpcVersMinor: initially(u8('RPC minor version'), 0),
  ptype: u8('PDU type', { values: PTYPE_NAMES }),
  pfcFlags: initially(
    u8('FIRST 01, LAST 02, PENDING_CANCEL 04, CONC_MPX 10, DID_NOT_EXECUTE 20, MAYBE 40, OBJECT_UUID 80'),
    3,
  ),
  drep: bytes('Data representation: integers, characters, floats', 4),
  fragLength: u16('Bytes of the whole PDU'),
  authLength: initially(u16('Bytes of the authentication value'), 0),
  callId: u32('Pairs an answer with its request'),
});
/** A decoded common header; lengths are bytes of the whole PDU. */
export type PduHeader = ValueOf<typeof pduHeader>;

const abstractSyntax = layout('syntax', {
  uuid: guid('Interface'),
  major: u16('Interface major version'),
  minor: u16('Interface minor version'),
});

const transferSyntax = layout('syntax', {
  uuid: guid('Transfer syntax'),
  version: u32('Transfer syntax version'),
});

const presentationContext = layout('context', {
  contextId: u16('Presentation context, chosen by the client'),
  transferSyntaxCount: itemsOf(u8('n_transfer_syn'), 'transferSyntaxes'),
  reserved: initially(u8('Reserved'), 0),
  abstractSyntax: struct('Interface that is asked for', abstractSyntax),
  transferSyntaxes: list('Ways to lay out the stub', transferSyntax, 'transferSyntaxCount'),
});
/** One presentation context that a client offers: an interface, and ways to lay out its stubs. */
export type PresentationContext = ValueOf<typeof presentationContext>;

/** The body of bind and alter_context, behind the common header (C706 12.6.4.3 and 12.6.4.1). */
export const bindBody = layout('rpc.bind', {
  maxXmitFrag: u16('Largest fragment that the client sends'),
  maxRecvFrag: u16('Largest fragment that the client takes'),
  assocGroupId: initially(u32('Association group, 0 for a new one'), 0),
  contextCount: itemsOf(u8('n_context_elem'), 'contexts'),
  reserved: initially(u8('Reserved'), 0),
  reserved2: initially(u16('Reserved'), 0),
  contexts: list('Presentation contexts offered', presentationContext, 'contextCount'),
  trailing: rest('Octets behind the last context'),
});

/** Results of a presentation context (C706 12.6.3.1 p_cont_def_result_t; 3 from MS-RPCE 2.2.2.4). */
export const CONTEXT_RESULT = {
  acceptance: 0,
  userRejection: 1,
  providerRejection: 2,
  negotiateAck: 3,
} as const;
/** Reasons of a rejected presentation context (C706 12.6.3.1 p_provider_reason_t). */
export const REJECTION = {
  notSpecified: 0,
  abstractSyntaxNotSupported: 1,
  transferSyntaxesNotSupported: 2,
  localLimitExceeded: 3,
} as const;

const contextResult = layout('result', {
  result: u16('What became of the context', {
    values: { 0: 'acceptance', 1: 'user_rejection', 2: 'provider_rejection', 3: 'negotiate_ack' },
  }),
  reason: u16('Why it was rejected, or the feature bits granted'),
  transferSyntax: struct('Transfer syntax accepted, else zeros', transferSyntax),
});
/** What became of one presentation context. */
export type ContextResult = ValueOf<typeof contextResult>;

/** The body of bind_ack and alter_context_resp, behind the common header (C706 12.6.4.4 and 12.6.4.2). */
export const bindAckBody = layout('rpc.bindAck', {
  maxXmitFrag: u16('Largest fragment that the host sends'),
  maxRecvFrag: u16('Largest fragment that the host takes'),
  assocGroupId: u32('Association group'),
  secondaryAddressLength: bytesOf(u16('Bytes of the secondary address'), 'secondaryAddress'),
  secondaryAddress: bytes('Port in ASCII with NUL; empty in alter_context_resp', {
    field: 'secondaryAddressLength',
  }),
  padding: padding('Octets up to a multiple of 4', 4),
  resultCount: itemsOf(u8('n_results'), 'results'),
  reserved: initially(u8('Reserved'), 0),
  reserved2: initially(u16('Reserved'), 0),
  results: list('One for each context offered', contextResult, 'resultCount'),
  trailing: rest('Octets behind the last result'),
});

/** Reasons of bind_nak (C706 12.6.3.1 p_reject_reason_t; 8 and 9 from MS-RPCE 2.2.2.5). */
export const BIND_NAK_REASONS: Readonly<Record<number, string>> = {
  0: 'reason not specified',
  1: 'temporary congestion',
  2: 'local limit exceeded',
  3: 'called presentation address unknown',
  4: 'protocol version not supported',
  5: 'default context not supported',
  8: 'authentication type not recognized',
  9: 'invalid checksum',
};

const supportedVersion = layout('version', { major: u8('RPC version'), minor: u8('RPC minor version') });

/** The body of bind_nak, behind the common header (C706 12.6.4.5). */
export const bindNakBody = layout('rpc.bindNak', {
  reason: u16('Why the bind was refused', { values: BIND_NAK_REASONS }),
  versionCount: itemsOf(u8('Number of protocol versions'), 'versions'),
  versions: list('Protocol versions that the host speaks', supportedVersion, 'versionCount'),
  trailing: rest('Octets behind the last version'),
});

const callHeader = {
  allocHint: bytesOf(u32('Bytes of stub to expect in all fragments; 0 for no hint'), 'stub'),
  contextId: u16('Presentation context of the call'),
};

/** The body of a request without an object UUID, behind the common header (C706 12.6.4.9). */
export const requestBody = layout('rpc.request', {
  ...callHeader,
  opnum: u16('Operation'),
  stub: rest('Arguments, or a fragment of them'),
});

/** A request whose pfc_flags have OBJECT_UUID. */
export const requestWithObjectBody = layout('rpc.request', {
  ...callHeader,
  opnum: u16('Operation'),
  objectUuid: guid('Object that the call is for'),
  stub: rest('Arguments, or a fragment of them'),
});

/** The body of a response, behind the common header (C706 12.6.4.10). */
export const responseBody = layout('rpc.response', {
  ...callHeader,
  cancelCount: initially(u8('Cancels received'), 0),
  reserved: initially(u8('Reserved'), 0),
  stub: rest('Results, or a fragment of them'),
});

/** Bits of the reserved octet of a fault (MS-RPCE 2.2.2.8). */
export const FAULT_EXTENDED_ERROR = 1;

/** The body of a fault, behind the common header (C706 12.6.4.7). */
export const faultBody = layout('rpc.fault', {
  allocHint: initially(u32('Bytes of stub to expect; 0 for no hint'), 0),
  contextId: u16('Presentation context of the call'),
  cancelCount: initially(u8('Cancels received'), 0),
  reserved: initially(u8('1: extended error information follows'), 0),
  status: u32('What went wrong'),
  reserved2: initially(u32('Reserved'), 0),
  stub: rest('Stub data, of which a fault has none; extended error information'),
});

/** Bytes of the authentication verifier in front of the value that auth_length counts (C706 13.2.6.1). */
export const AUTH_TRAILER_HEADER_SIZE = 8;

/** The authentication verifier at the end of a PDU with an auth_length other than 0 (C706 13.2.6.1), for the byte map. */
export const authTrailerLayout = layout('rpc.auth', {
  authType: u8('Authentication service'),
  authLevel: u8('Protection level'),
  authPadLength: u8('Padding octets in front of the verifier'),
  reserved: initially(u8('Reserved'), 0),
  authContextId: u32('Security context'),
  authValue: rest('Credentials, as many bytes as auth_length says'),
});

/** Shutdown, co_cancel, orphaned, and what has no layout of its own here. */
export const otherBody = layout('rpc.other', { content: rest('Octets behind the header') });
