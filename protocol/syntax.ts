/** Interface and transfer syntaxes of the KMS session (wire format: MS-RPCE 2.2.4.12 NDR64, 3.3.1.5.3 bind time features). */

export interface SyntaxId {
  readonly uuid: string;
  readonly major: number;
  readonly minor: number;
}

/** The KMS interface; its only operation is opnum 0, RequestActivation. */
export const KMS_INTERFACE: SyntaxId = { uuid: '51c82175-844e-4750-b0d8-ec255555bc06', major: 1, minor: 0 };

/** The transfer syntax NDR (C706 appendix I). */
export const NDR32 = { uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860', version: 2 } as const;
/** The transfer syntax NDR64 (MS-RPCE 2.2.4.12). */
export const NDR64 = { uuid: '71710533-beba-4937-8319-b5dbef9ccc36', version: 1 } as const;

/** Names of the two ways a stub is laid out. */
export type TransferSyntax = 'ndr32' | 'ndr64';

/** The UUID and version by which a bind offers a transfer syntax. */
export interface TransferSyntaxId {
  readonly uuid: string;
  readonly version: number;
}

/** UUID and version of the two ways that a stub is laid out. */
export const TRANSFER_SYNTAXES: Readonly<Record<TransferSyntax, TransferSyntaxId>> = {
  ndr32: NDR32,
  ndr64: NDR64,
};

const BTFN_PREFIX = '6cb71c2c-9812-4540-';

/** Bits of bind time feature negotiation (MS-RPCE 2.2.2.14). */
export const BTFN_SECURITY_CONTEXT_MULTIPLEXING = 1;
/** The bit that keeps a connection open behind an orphaned PDU (MS-RPCE 2.2.2.14). */
export const BTFN_KEEP_CONNECTION_ON_ORPHAN = 2;

/** The pseudo transfer syntax that carries feature `bits` in the octet behind its prefix. */
export function btfnSyntax(bits: number): TransferSyntaxId {
  return { uuid: `${BTFN_PREFIX}${bits.toString(16).padStart(2, '0')}00-000000000000`, version: 1 };
}

/** The feature bits that a transfer syntax offers, or undefined where it is none of bind time feature negotiation. */
export function btfnBits(syntax: TransferSyntaxId): number | undefined {
  if (!syntax.uuid.startsWith(BTFN_PREFIX)) return undefined;
  return Number.parseInt(syntax.uuid.slice(BTFN_PREFIX.length, BTFN_PREFIX.length + 2), 16);
}

/** Which stub layout a transfer syntax stands for, if it is one of the two. */
export function transferSyntaxOf(syntax: TransferSyntaxId): TransferSyntax | undefined {
  if (syntax.uuid === NDR32.uuid && syntax.version === NDR32.version) return 'ndr32';
  if (syntax.uuid === NDR64.uuid && syntax.version === NDR64.version) return 'ndr64';
  return undefined;
}
