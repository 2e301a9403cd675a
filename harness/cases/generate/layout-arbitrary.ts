import {
  type Derivation,
  type Encoding,
  type Field,
  type Layout,
  LITTLE_ENDIAN,
  type ValueOf,
} from '../../../protocol';
import { fieldArbitrary, type ValueMode } from './field-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

/** Items in a generated list, unless the count is at a boundary. */
const MAX_ITEMS = 3;
const BOUNDARY_ITEMS = [0, 1, 2, 17];

type Values = Record<string, unknown>;

/**
 * Values of a layout, complete, derived from its fields. `valid` and `boundary` ones are consistent: lengths and counts are
 * true, padding has its size, and text is in the form that decoding yields. `hostile` ones may lie; they encode all the same.
 * @param start offset of the structure in what it is encoded into, for the size of padding
 */
export function layoutArbitrary<L extends Layout>(
  of: L,
  mode: ValueMode,
  encoding: Encoding = LITTLE_ENDIAN,
  start = 0,
): Drawn<ValueOf<L>> {
  const parts: Record<string, Drawn<unknown>> = {};
  for (const [name, field] of Object.entries(of.fields)) {
    const part = partArbitrary(of, field, mode, encoding);
    if (part !== null) parts[name] = part;
  }
  return drawn.record(parts).map((chosen) => complete(of, chosen, encoding, start).value as ValueOf<L>);
}

/** A lie about a length, or null for the truth. */
const LIES_AT_MOST_ONE_IN = 3;

/** What is chosen for a field by itself: nothing for one that follows from the others. */
function partArbitrary(of: Layout, field: Field, mode: ValueMode, encoding: Encoding): Drawn<unknown> | null {
  switch (field.kind) {
    case 'uint':
    case 'ndrUint': {
      const value = fieldArbitrary(field, mode, encoding.ndrWidth);
      if (field.derive === undefined) return value;
      return mode === 'hostile'
        ? drawn.option(value, { freq: LIES_AT_MOST_ONE_IN - 1, nil: undefined })
        : null;
    }
    case 'u64':
    case 'guid':
      return fieldArbitrary(field, mode);
    case 'bytes':
    case 'text':
      return sized(of, field, fieldArbitrary(field, mode));
    case 'padding':
      return drawn.uint8Array({ minLength: field.multiple, maxLength: field.multiple });
    case 'struct':
      return layoutArbitrary(field.layout, mode, encoding);
    case 'list':
      return listArbitrary(field.layout, mode, encoding);
  }
}

/** Bytes whose length field is small are kept within it. */
function sized(of: Layout, field: Field & { kind: 'bytes' | 'text' }, value: Drawn<unknown>): Drawn<unknown> {
  if (typeof field.length !== 'object') return value;
  const counter = of.fields[field.length.field];
  return counter?.kind === 'uint' && counter.size === 1
    ? value.map((chosen) => (chosen instanceof Uint8Array ? chosen.subarray(0, 0xff) : chosen))
    : value;
}

/** Structures in a list: a few, and unless they are `valid` sometimes none or many; `hostile` ones lie inside. */
export function listArbitrary(item: Layout, mode: ValueMode, encoding: Encoding): Drawn<unknown> {
  const inner = layoutArbitrary(item, mode, encoding);
  const few = drawn.array(inner, { maxLength: MAX_ITEMS });
  if (mode === 'valid') return few;
  const edges = drawn
    .constantFrom(...BOUNDARY_ITEMS)
    .chain((count) => drawn.array(inner, { minLength: count, maxLength: count }));
  return drawn.oneof({ weight: 4, arbitrary: few }, { weight: 1, arbitrary: edges });
}

interface Completed {
  readonly value: Values;
  /** Offset behind the structure. */
  readonly end: number;
}

/**
 * Fills in what follows from the chosen parts. It measures by walking the values, apart from the codec, so that
 * the codec can be tested by it.
 */
function complete(of: Layout, chosen: Readonly<Values>, encoding: Encoding, start: number): Completed {
  const value: Values = {};
  let offset = start;
  for (const [name, field] of Object.entries(of.fields)) {
    const [finished, end] = completeField(field, chosen[name], chosen, encoding, offset);
    value[name] = finished;
    offset = end;
  }
  return { value, end: offset };
}

function completeField(
  field: Field,
  part: unknown,
  chosen: Readonly<Values>,
  encoding: Encoding,
  offset: number,
): [unknown, number] {
  switch (field.kind) {
    case 'uint':
      return [part ?? sizeOf(chosen, field.derive!), offset + field.size];
    case 'ndrUint':
      return [part ?? BigInt(sizeOf(chosen, field.derive!)), offset + encoding.ndrWidth];
    case 'u64':
      return [part, offset + 8];
    case 'guid':
      return [part, offset + 16];
    case 'bytes':
    case 'text':
      return [part, offset + (typeof field.length === 'number' ? field.length : bytesIn(part))];
    case 'padding': {
      const padding = (part as Uint8Array).subarray(0, -offset & (field.multiple - 1));
      return [padding, offset + padding.length];
    }
    case 'struct': {
      const inner = complete(field.layout, part as Values, encoding, offset);
      return [inner.value, inner.end];
    }
    case 'list':
      return completeList(field.layout, part as readonly Values[], encoding, offset);
  }
}

function completeList(
  item: Layout,
  parts: readonly Values[],
  encoding: Encoding,
  offset: number,
): [unknown, number] {
  let end = offset;
  const items = parts.map((part) => {
    const inner = complete(item, part, encoding, end);
    end = inner.end;
    return inner.value;
  });
  return [items, end];
}

function sizeOf(chosen: Readonly<Values>, derive: Derivation): number {
  const of = chosen[derive.of];
  return derive.as === 'items' ? (of as readonly unknown[]).length : bytesIn(of);
}

const bytesIn = (value: unknown): number =>
  typeof value === 'string' ? 2 * value.length + 2 : (value as Uint8Array).length;
