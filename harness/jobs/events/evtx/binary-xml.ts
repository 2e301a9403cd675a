import type { RecordBuilder } from '../record-builder';
import { BinaryXmlError, type ChunkBytes } from './chunk-bytes';
import { MORE, TOKEN, VALUE } from './evtx-format';
import { readTemplateInstance } from './template-instance';
import { type ValueExtent, valueTexts } from './values';

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** Templates within values within templates: two are seen. */
const DEEPEST = 16;
/** Tokens, values and every 16 characters count as one. An event has some two hundred: one that has this many is made to take long. */
const MOST_WORK = 200_000;
/** Reads the binary XML of the records of one chunk: names and templates stand wherever in it they were first used. */
export class BinaryXml {
  #work = 0;
  #element = '';
  /** Name and text of the attribute that is being read. */
  #attribute: { readonly name: string; text: string } | null = null;

  constructor(
    private readonly chunk: ChunkBytes,
    private readonly builder: RecordBuilder,
  ) {}

  /** @throws BinaryXmlError */
  read(start: number, end: number): void {
    this.#content(start, end, [], true, 0);
    if (this.builder.depth > 0) throw new BinaryXmlError('an element that does not end', end);
  }

  /** @param dependency elements have an identifier of two bytes in templates, and none in values */
  #content(
    start: number,
    end: number,
    values: readonly ValueExtent[],
    dependency: boolean,
    depth: number,
  ): void {
    if (depth > DEEPEST) throw new BinaryXmlError('templates within templates', start);
    let at = start;
    while (at < end) {
      this.#spend(1, at);
      const token = this.chunk.u8(at) & ~MORE;
      if (token === TOKEN.endOfFile) return;
      if (token === TOKEN.openStartElement) at = this.#openElement(at, dependency);
      else if (token === TOKEN.templateInstance) at = this.#template(at, depth);
      else if (token === TOKEN.substitution || token === TOKEN.optionalSubstitution) {
        at = this.#substitution(at, values, depth);
      } else at = this.#markup(at, token);
    }
  }

  #openElement(at: number, dependency: boolean): number {
    const nameAt = [dependency ? 7 : 5, dependency ? 5 : 7]
      .map((offset) => at + offset)
      .find((place) => this.chunk.isName(place));
    if (nameAt === undefined) throw new BinaryXmlError('an element without a name', at);
    const { name, next } = this.chunk.name(nameAt);
    this.#element = name;
    this.builder.open(name);
    // The size of the attributes is told by their tokens.
    return (this.chunk.u8(at) & MORE) === 0 ? next : next + 4;
  }

  #markup(at: number, token: number): number {
    switch (token) {
      case TOKEN.fragmentHeader:
        return at + 4;
      case TOKEN.closeStartElement:
        this.#endAttribute();
        return at + 1;
      case TOKEN.closeEmptyElement:
      case TOKEN.endElement:
        this.#endAttribute();
        if (this.builder.depth === 0) throw new BinaryXmlError('an end without an element', at);
        this.builder.close();
        return at + 1;
      case TOKEN.attribute: {
        this.#endAttribute();
        const { name, next } = this.chunk.name(at + 1);
        this.#attribute = { name, text: '' };
        return next;
      }
      case TOKEN.value:
        if (this.chunk.u8(at + 1) !== VALUE.string) throw new BinaryXmlError('a value that is no text', at);
        return this.#string(at + 2, true);
      case TOKEN.cdata:
        return this.#string(at + 1, true);
      case TOKEN.instructionData:
        return this.#string(at + 1, false);
      case TOKEN.instructionTarget:
        return this.chunk.name(at + 1).next;
      case TOKEN.characterReference:
        this.#text(String.fromCharCode(this.chunk.u16(at + 1)));
        return at + 3;
      case TOKEN.entityReference: {
        const { name, next } = this.chunk.name(at + 1);
        this.#text(ENTITIES[name] ?? `&${name};`);
        return next;
      }
      default:
        throw new BinaryXmlError(`a token 0x${token.toString(16)}`, at);
    }
  }

  #template(at: number, depth: number): number {
    const { start, end, values, next } = readTemplateInstance(this.chunk, at);
    this.#spend(values.length, at);
    this.#content(start, end, values, true, depth + 1);
    return next;
  }

  #substitution(at: number, values: readonly ValueExtent[], depth: number): number {
    const isOptional = (this.chunk.u8(at) & ~MORE) === TOKEN.optionalSubstitution;
    const value = values[this.chunk.u16(at + 1)];
    if (value === undefined || value.type === VALUE.null) {
      if (isOptional && this.#attribute === null) this.builder.omit();
    } else if (value.type === VALUE.binaryXml) {
      this.#content(value.start, value.start + value.size, [], false, depth + 1);
    } else {
      this.#spend(value.size / 16, at);
      const texts = valueTexts(this.chunk.bytes, value);
      this.#spend(texts.length, at);
      this.#texts(texts);
    }
    return at + 4;
  }

  /** An array stands for its element as many times. */
  #texts(texts: readonly string[]): void {
    const element = this.#element;
    texts.forEach((text, i) => {
      if (i > 0 && this.#attribute === null) {
        this.builder.close();
        this.builder.open(element);
      }
      this.#text(text);
    });
  }

  #text(text: string): void {
    if (this.#attribute !== null) this.#attribute.text += text;
    else this.builder.text(text);
  }

  #endAttribute(): void {
    if (this.#attribute === null) return;
    this.builder.attribute(this.#attribute.name, this.#attribute.text);
    this.#attribute = null;
  }

  /** Characters behind their number. */
  #string(at: number, isText: boolean): number {
    const end = at + 2 + this.chunk.u16(at) * 2;
    this.#spend((end - at) / 16, at);
    if (isText) this.#text(this.chunk.text(at + 2, end));
    return end;
  }

  #spend(work: number, at: number): void {
    this.#work += work;
    if (this.#work > MOST_WORK) throw new BinaryXmlError('too much for one event', at);
  }
}
