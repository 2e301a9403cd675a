import { type Encoding, type Field, type Layout, LITTLE_ENDIAN } from '../../../protocol';
import type { FieldChange } from '../case';
import { fieldArbitrary, VALUE_MODES, type ValueMode } from './field-arbitrary';
import { layoutArbitrary, listArbitrary } from './layout-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

/** How often a change is of each mode. */
const WEIGHTS: Readonly<Record<ValueMode, number>> = { valid: 2, boundary: 3, hostile: 1 };

export interface ChangeOptions {
  /** Fields that are left as they are. */
  readonly except?: readonly string[];
  readonly only?: readonly string[];
  readonly encoding?: Encoding;
}

/** One changed field of a layout: any of its fields, with a value of any mode. */
export function changeArbitrary(of: Layout, options: ChangeOptions = {}): Drawn<FieldChange> {
  const { except = [], only, encoding = LITTLE_ENDIAN } = options;
  const fields = Object.entries(of.fields).filter(
    ([name]) => !except.includes(name) && (only === undefined || only.includes(name)),
  );
  const changes = fields.flatMap(([name, field]) => {
    // What fills a gap is measured when it is encoded.
    if (field.kind === 'padding') return [];
    const modes = VALUE_MODES.map((mode) => ({
      weight: WEIGHTS[mode],
      arbitrary: valueArbitrary(field, mode, encoding).map((value) => ({ field: name, mode, value })),
    }));
    return [drawn.oneof(...modes)];
  });
  return drawn.oneof(...changes);
}

function valueArbitrary(
  field: Exclude<Field, { kind: 'padding' }>,
  mode: ValueMode,
  encoding: Encoding,
): Drawn<unknown> {
  switch (field.kind) {
    case 'struct':
      return layoutArbitrary(field.layout, mode, encoding);
    case 'list':
      return listArbitrary(field.layout, mode, encoding);
    default:
      return fieldArbitrary(field, mode, encoding.ndrWidth);
  }
}

/** A few changes, each of another field. */
export function changesArbitrary(
  of: Layout,
  minLength: number,
  maxLength: number,
  options: ChangeOptions = {},
): Drawn<readonly FieldChange[]> {
  return drawn
    .array(changeArbitrary(of, options), { minLength, maxLength })
    .map((changes) => [...new Map(changes.map((change) => [change.field, change])).values()]);
}
