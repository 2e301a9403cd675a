/** HRESULTs that KMS hosts and clients are known to report. */
export const HRESULT = {
  ok: 0,
  invalidData: 0x8007000d,
  clientCountTooLow: 0xc004f038,
  productNotOffered: 0xc004f042,
  clockTooFarOff: 0xc004f06c,
  licenceStore: 0xc004d104,
} as const;

/** Statuses of fault PDUs (C706 appendix E; MS-RPCE 3.1.3.5.2 for bad stub data). */
export const FAULT = {
  opRangeError: 0x1c010002,
  unknownInterface: 0x1c010003,
  protocolError: 0x1c01000b,
  badStubData: 0x000006f7,
  accessDenied: 5,
  noCallActive: 0x000006bd,
} as const;

/** Statuses that a server must not put into a fault (MS-RPCE 3.3.3.5.1). */
export const FORBIDDEN_FAULTS: Readonly<Record<number, string>> = {
  0x00000000: 'ERROR_SUCCESS',
  0x80000001: 'STATUS_GUARD_PAGE_VIOLATION',
  0x80000002: 'STATUS_DATATYPE_MISALIGNMENT',
  0x80000003: 'STATUS_BREAKPOINT',
  0xc0000005: 'STATUS_ACCESS_VIOLATION',
  0xc0000006: 'STATUS_IN_PAGE_ERROR',
  0xc000001d: 'STATUS_ILLEGAL_INSTRUCTION',
  0xc0000096: 'STATUS_PRIVILEGED_INSTRUCTION',
  0xc00000aa: 'STATUS_INSTRUCTION_MISALIGNMENT',
  0xc00000fd: 'STATUS_STACK_OVERFLOW',
  0xc0000194: 'STATUS_POSSIBLE_DEADLOCK',
  0xc0000235: 'STATUS_HANDLE_NOT_CLOSABLE',
  0xc0000409: 'STATUS_STACK_BUFFER_OVERRUN',
  0xc0000420: 'STATUS_ASSERTION_FAILURE',
};

const HRESULT_NAMES: Readonly<Record<number, string>> = {
  [HRESULT.ok]: 'success',
  [HRESULT.invalidData]: 'invalid data',
  [HRESULT.clientCountTooLow]: 'count too low',
  [HRESULT.productNotOffered]: 'product not offered by this key',
  [HRESULT.clockTooFarOff]: "client clock too far from the host's",
  [HRESULT.licenceStore]: 'licence store',
};

const FAULT_NAMES: Readonly<Record<number, string>> = {
  [FAULT.opRangeError]: 'nca_op_rng_error',
  [FAULT.unknownInterface]: 'nca_unk_if',
  [FAULT.protocolError]: 'nca_proto_error',
  [FAULT.badStubData]: 'RPC_X_BAD_STUB_DATA',
  [FAULT.accessDenied]: 'ERROR_ACCESS_DENIED',
  [FAULT.noCallActive]: 'RPC_S_NO_CALL_ACTIVE',
};

/** An HRESULT or fault status as `0xC004F042`. */
export const formatStatus = (status: number): string =>
  `0x${status.toString(16).toUpperCase().padStart(8, '0')}`;

/** `invalid data`, or `unknown` for one that is not in the table. */
export const hresultName = (hresult: number): string => HRESULT_NAMES[hresult] ?? 'unknown';

/** `nca_op_rng_error`, or `unknown`. */
export const faultName = (status: number): string => FAULT_NAMES[status] ?? 'unknown';
