/** A value of a template instance: its type, and what writes its bytes. */
export interface MadeValue {
  readonly type: number;
  readonly write: () => unknown;
}

type Attribute = readonly [name: string, write: () => void];

interface Mark {
  readonly position: number;
  readonly names: ReadonlyMap<string, number>;
  readonly templates: ReadonlyMap<number, number>;
  readonly nameTable: readonly number[];
  readonly templateTable: readonly number[];
}

/** Room for a chunk and the record that does not fit any more. */
const ROOM = 4 * 65_536;

/** Writes the tokens of binary XML at their offsets in a chunk: names and templates are written where they are first used. */
export class BinaryXmlWriter {
  readonly #bytes = Buffer.alloc(ROOM);
  #names = new Map<string, number>();
  #templates = new Map<number, number>();
  /** Heads of lists by hash, as the chunk's header has them. */
  nameTable: number[] = Array.from({ length: 64 }, () => 0);
  templateTable: number[] = Array.from({ length: 32 }, () => 0);

  constructor(public position: number) {}

  mark(): Mark {
    return {
      position: this.position,
      names: new Map(this.#names),
      templates: new Map(this.#templates),
      nameTable: [...this.nameTable],
      templateTable: [...this.templateTable],
    };
  }

  reset({ position, names, templates, nameTable, templateTable }: Mark): void {
    this.position = position;
    this.#names = new Map(names);
    this.#templates = new Map(templates);
    this.nameTable = [...nameTable];
    this.templateTable = [...templateTable];
  }

  copyTo(chunk: Buffer): void {
    this.#bytes.copy(chunk, 0, 0, this.position);
  }

  u8(value: number): this {
    this.position = this.#bytes.writeUInt8(value, this.position);
    return this;
  }

  u16(value: number): this {
    this.position = this.#bytes.writeUInt16LE(value, this.position);
    return this;
  }

  u32(value: number): this {
    this.position = this.#bytes.writeUInt32LE(value, this.position);
    return this;
  }

  u64(value: bigint): this {
    this.position = this.#bytes.writeBigUInt64LE(value, this.position);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.position);
    this.position += value.length;
    return this;
  }

  text(value: string): this {
    return this.bytes(Buffer.from(value, 'utf16le'));
  }

  patchU32(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  fragmentHeader(): void {
    this.bytes(Buffer.from([0x0f, 1, 1, 0]));
  }

  endOfFile(): void {
    this.u8(0);
  }

  value(text: string): void {
    this.u8(0x05).u8(0x01).u16(text.length).text(text);
  }

  substitution(index: number, type: number): void {
    this.u8(0x0d).u16(index).u8(type);
  }

  optional(index: number, type: number): void {
    this.u8(0x0e).u16(index).u8(type);
  }

  /** @param content null for an element without any */
  element(name: string, attributes: readonly Attribute[], content: (() => void) | null): void {
    this.u8(attributes.length > 0 ? 0x41 : 0x01).u16(0xffff);
    const size = this.position;
    this.u32(0);
    this.#name(name);
    if (attributes.length > 0) this.#attributes(attributes);
    if (content === null) this.u8(0x03);
    else {
      this.u8(0x02);
      content();
      this.u8(0x04);
    }
    this.patchU32(size, this.position - size - 4);
  }

  #attributes(attributes: readonly Attribute[]): void {
    const size = this.position;
    this.u32(0);
    attributes.forEach(([name, write], i) => {
      this.u8(i < attributes.length - 1 ? 0x46 : 0x06);
      this.#name(name);
      write();
    });
    this.patchU32(size, this.position - size - 4);
  }

  templateInstance(id: number, definition: () => void, values: readonly MadeValue[]): void {
    this.u8(0x0c).u8(1).u32(id);
    const known = this.#templates.get(id);
    if (known !== undefined) this.u32(known);
    else this.#definition(id, definition);
    this.u32(values.length);
    const descriptors = this.position;
    for (const { type } of values) this.u16(0).u8(type).u8(0);
    values.forEach(({ write }, i) => {
      const start = this.position;
      write();
      this.#bytes.writeUInt16LE(this.position - start, descriptors + 4 * i);
    });
  }

  #definition(id: number, definition: () => void): void {
    const start = this.position + 4;
    this.u32(start);
    this.#templates.set(id, start);
    const bucket = id % 32;
    this.u32(this.templateTable[bucket]!);
    this.templateTable[bucket] = start;
    this.u32(id).bytes(Buffer.from('6b6d7373706563206d616465', 'hex'));
    const size = this.position;
    this.u32(0);
    this.fragmentHeader();
    definition();
    this.endOfFile();
    this.patchU32(size, this.position - size - 4);
  }

  #name(name: string): void {
    const known = this.#names.get(name);
    if (known !== undefined) {
      this.u32(known);
      return;
    }
    const start = this.position + 4;
    this.u32(start);
    this.#names.set(name, start);
    const hash =
      [...name].reduce((sum, character) => (Math.imul(sum, 65_599) + character.charCodeAt(0)) >>> 0, 0) &
      0xffff;
    this.u32(this.nameTable[hash % 64]!);
    this.nameTable[hash % 64] = start;
    this.u16(hash).u16(name.length).text(`${name}\0`);
  }
}
