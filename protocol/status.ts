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
} as const;

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
};

export const formatStatus = (status: number): string =>
  `0x${status.toString(16).toUpperCase().padStart(8, '0')}`;

/** `invalid data`, or `unknown` for one that is not in the table. */
export const hresultName = (hresult: number): string => HRESULT_NAMES[hresult] ?? 'unknown';

/** `nca_op_rng_error`, or `unknown`. */
export const faultName = (status: number): string => FAULT_NAMES[status] ?? 'unknown';
