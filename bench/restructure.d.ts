/** restructure 3.0.2 has no types of its own. Only what the bench uses of it. */
declare module 'restructure' {
  export interface DecodeStream {
    readonly buffer: Uint8Array;
    readonly view: DataView;
    pos: number;
  }
  export type EncodeStream = DecodeStream;
  export class Base {
    fromBuffer(bytes: Uint8Array): unknown;
    toBuffer(value: unknown): Uint8Array;
  }
  export class Struct extends Base {
    constructor(fields: Record<string, unknown>);
  }
  export class Buffer extends Base {
    constructor(length: number | string);
  }
  export const uint16le: Base;
  export const uint32le: Base;
}
