/**
 * The language in which wire structures are declared: a layout is a named table of fields, plain
 * data. Encoder, decoder, byte map, diff, JSON, generators and documentation are all derived from it, each
 * by one exhaustive `switch (field.kind)`.
 */

interface FieldBase {
  /** What the field means, in one phrase; it goes into the field reference. */
  readonly doc: string;
}

/** Another field of the same layout that this one gives the size of. */
export interface Derivation {
  readonly of: string;
  readonly as: 'bytes' | 'items';
}

/** An unsigned integer of 1, 2 or 4 bytes. */
export interface UintField extends FieldBase {
  readonly kind: 'uint';
  readonly size: 1 | 2 | 4;
  /** Names of known values, for people. */
  readonly values?: Readonly<Record<number, string>>;
  /** Taken when an input leaves the field out. */
  readonly initial?: number;
  /** Computed from another field when an input leaves this one out; sent as given otherwise. */
  readonly derive?: Derivation;
}

/** An unsigned integer of 8 bytes, a bigint. */
export interface U64Field extends FieldBase {
  readonly kind: 'u64';
  /** `filetime`: 100 ns since 1601-01-01 UTC. */
  readonly format: 'integer' | 'filetime';
}

/** An NDR length: 4 bytes in NDR32, 8 in NDR64; a bigint in both. */
export interface NdrUintField extends FieldBase {
  readonly kind: 'ndrUint';
  readonly initial?: bigint;
  readonly derive?: Derivation;
}

/** 16 bytes, a lower-case string `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
export interface GuidField extends FieldBase {
  readonly kind: 'guid';
}

/** How many bytes: a number, the value of an earlier field, or all that are left. */
export type Extent = number | { readonly field: string } | 'rest';

/** Raw bytes, a Uint8Array. */
export interface BytesField extends FieldBase {
  readonly kind: 'bytes';
  readonly length: Extent;
  /** A fixed field that is left out is sent as zeros. */
  readonly optional?: boolean;
}

/**
 * UTF-16LE text with a NUL. A string where the bytes are one (NUL-terminated; zero-filled to the
 * end if the length is fixed), the bytes themselves where they are not, so that both encode to
 * what was there. Strings hold any code unit, unpaired surrogates included.
 */
export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly length: Exclude<Extent, 'rest'>;
}

/** Octets up to the next multiple, without a defined value: kept if decoded, zeros if left out. */
export interface PaddingField extends FieldBase {
  readonly kind: 'padding';
  readonly multiple: number;
}

/** A structure within another. */
export interface StructField<L extends Layout = Layout> extends FieldBase {
  readonly kind: 'struct';
  readonly layout: L;
}

/** As many items as an earlier field says. */
export interface ListField<L extends Layout = Layout> extends FieldBase {
  readonly kind: 'list';
  readonly layout: L;
  readonly count: string;
}

/** A field of any kind; `kind` tells which. */
export type Field =
  | UintField
  | U64Field
  | NdrUintField
  | GuidField
  | BytesField
  | TextField
  | PaddingField
  | StructField
  | ListField;

/** Fields by name, in the order of their bytes. */
export type Fields = Readonly<Record<string, Field>>;

/** A wire structure: a name, and its fields in the order of their bytes. */
export interface Layout<F extends Fields = Fields> {
  readonly name: string;
  readonly fields: F;
}

/** Declares a wire structure, with its fields in the order of their bytes. */
export function layout<F extends Fields>(name: string, fields: F): Layout<F> {
  return { name, fields };
}

type UintOptions = Pick<UintField, 'values'>;

/** An unsigned integer of 1 byte. */
export const u8 = (doc: string, options: UintOptions = {}) => uint(1, doc, options);
/** An unsigned integer of 2 bytes. */
export const u16 = (doc: string, options: UintOptions = {}) => uint(2, doc, options);
/** An unsigned integer of 4 bytes. */
export const u32 = (doc: string, options: UintOptions = {}) => uint(4, doc, options);

function uint(size: 1 | 2 | 4, doc: string, options: UintOptions): UintField {
  return { kind: 'uint', size, doc, ...options };
}

/** `field`, with a value for inputs that leave it out. */
export function initially<F extends UintField, const V extends number>(
  field: F,
  initial: V,
): F & { initial: V } {
  return { ...field, initial };
}

/** `field`, computed as the size of `of` in bytes where an input leaves it out. */
export function bytesOf<F extends UintField | NdrUintField>(
  field: F,
  of: string,
): F & { derive: Derivation } {
  return { ...field, derive: { of, as: 'bytes' } };
}

/** `field`, computed as the number of items in `of` where an input leaves it out. */
export function itemsOf<F extends UintField>(field: F, of: string): F & { derive: Derivation } {
  return { ...field, derive: { of, as: 'items' } };
}

/** An unsigned integer of 8 bytes, a bigint. */
export const u64 = (doc: string): U64Field => ({ kind: 'u64', format: 'integer', doc });
/** An instant in 8 bytes: 100 ns ticks since 1601-01-01 UTC, a bigint. */
export const filetime = (doc: string): U64Field => ({ kind: 'u64', format: 'filetime', doc });
/** An NDR length: 4 bytes in NDR32, 8 in NDR64; a bigint in both. */
export const ndrUint = (doc: string): NdrUintField => ({ kind: 'ndrUint', doc });
/** An NDR referent id, as wide as a length; `initial` is taken where an input leaves it out, and 0 is the null pointer. */
export const ndrReferent = (doc: string, initial: bigint) =>
  ({ kind: 'ndrUint', doc, initial }) satisfies NdrUintField;
/** A GUID of 16 bytes, a lower-case string. */
export const guid = (doc: string): GuidField => ({ kind: 'guid', doc });
/** Raw bytes: so many, as many as an earlier field says, or all that are left. */
export const bytes = (doc: string, length: Extent): BytesField => ({ kind: 'bytes', doc, length });
/** Fixed bytes that are zeros where an input leaves them out. */
export const zeroBytes = (doc: string, length: number) =>
  ({ kind: 'bytes', doc, length, optional: true }) satisfies BytesField;
/** All bytes that are left; none where an input leaves them out. */
export const rest = (doc: string) =>
  ({ kind: 'bytes', doc, length: 'rest', optional: true }) satisfies BytesField;
/** UTF-16LE text with a NUL; see {@link TextField}. */
export const text = (doc: string, length: Exclude<Extent, 'rest'>): TextField => ({
  kind: 'text',
  doc,
  length,
});
/** Octets up to the next multiple of so many bytes, counted from the start of what is decoded. */
export const padding = (doc: string, multiple: number): PaddingField => ({ kind: 'padding', doc, multiple });
/** A structure within this one. */
export const struct = <L extends Layout>(doc: string, of: L): StructField<L> => ({
  kind: 'struct',
  doc,
  layout: of,
});
/** As many structures as the earlier field `count` says. */
export const list = <L extends Layout>(doc: string, of: L, count: string): ListField<L> => ({
  kind: 'list',
  doc,
  layout: of,
  count,
});

/** What decoding a field yields. */
export type FieldValue<F> = F extends UintField
  ? number
  : F extends U64Field | NdrUintField
    ? bigint
    : F extends GuidField
      ? string
      : F extends BytesField | PaddingField
        ? Uint8Array
        : F extends TextField
          ? string | Uint8Array
          : F extends StructField<infer L>
            ? ValueOf<L>
            : F extends ListField<infer L>
              ? ValueOf<L>[]
              : never;

/** The value of a layout: every field by its name. */
export type ValueOf<L> = L extends Layout<infer F> ? { -readonly [K in keyof F]: FieldValue<F[K]> } : never;

type IsOptional<F> = F extends PaddingField
  ? true
  : F extends { initial: number | bigint }
    ? true
    : F extends { derive: Derivation }
      ? true
      : F extends { optional: true }
        ? true
        : false;

type FieldInput<F> =
  F extends StructField<infer L>
    ? InputOf<L>
    : F extends ListField<infer L>
      ? readonly InputOf<L>[]
      : FieldValue<F>;

/** What encoding a layout takes: derived fields, fields with an initial value and padding may be left out. */
export type InputOf<L> =
  L extends Layout<infer F>
    ? { readonly [K in keyof F as IsOptional<F[K]> extends true ? never : K]: FieldInput<F[K]> } & {
        readonly [K in keyof F as IsOptional<F[K]> extends true ? K : never]?: FieldInput<F[K]> | undefined;
      }
    : never;
