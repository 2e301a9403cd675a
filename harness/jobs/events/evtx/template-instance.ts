import type { ChunkBytes } from './chunk-bytes';
import { TOKEN, VALUE } from './evtx-format';
import { type ValueExtent, valueTexts } from './values';

/** A template as a record uses it: where its tokens stand, and the values for its substitutions. */
export interface TemplateInstance {
  readonly start: number;
  readonly end: number;
  readonly values: readonly ValueExtent[];
  /** Behind the values. */
  readonly next: number;
}

/** Of a template's definition before its tokens: the next one's offset, a GUID, the size. */
const DEFINITION_HEADER = 24;
const DEFINITION_SIZE = 20;

/** @throws BinaryXmlError */
export function readTemplateInstance(chunk: ChunkBytes, at: number): TemplateInstance {
  const definition = chunk.u32(at + 6);
  const size = chunk.u32(definition + DEFINITION_SIZE);
  const start = definition + DEFINITION_HEADER;
  chunk.check(start, size);
  // The first record that uses a template carries it.
  const isHere = definition === at + 10;
  return { start, end: start + size, ...readValues(chunk, isHere ? start + size : at + 10) };
}

function readValues(chunk: ChunkBytes, at: number): { values: ValueExtent[]; next: number } {
  const count = chunk.u32(at);
  chunk.check(at + 4, count * 4);
  const values: ValueExtent[] = [];
  let start = at + 4 + count * 4;
  for (let i = 0; i < count; i++) {
    const descriptor = at + 4 + i * 4;
    const size = chunk.u16(descriptor);
    values.push({ type: chunk.u8(descriptor + 2), start, size });
    start += size;
  }
  chunk.check(start, 0);
  return { values, next: start };
}

const FRAGMENT_HEADER = 4;
const DEEPEST = 4;

/**
 * The values of a record whose template cannot be read, as texts: the line of a request is among them, or is an array.
 * @throws BinaryXmlError
 */
export function looseTexts(chunk: ChunkBytes, start: number, depth = 0): string[] {
  const at = chunk.u8(start) === TOKEN.fragmentHeader ? start + FRAGMENT_HEADER : start;
  if (chunk.u8(at) !== TOKEN.templateInstance || depth > DEEPEST) return [];
  const { values } = readTemplateInstance(chunk, at);
  const texts = values.map((value) =>
    value.type === VALUE.binaryXml
      ? looseTexts(chunk, value.start, depth + 1).join(', ')
      : valueTexts(chunk.bytes, value).join(', '),
  );
  return [...texts, texts.join(', ')];
}
