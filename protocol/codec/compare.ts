import type { Field, Layout, ValueOf } from '../layout';

/** One field in which two values of a layout differ. */
export interface FieldDifference {
  readonly path: string;
  readonly field: Field;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Every field in which `actual` differs from `expected`, in the order of the wire. */
export function diff<L extends Layout>(of: L, expected: ValueOf<L>, actual: ValueOf<L>): FieldDifference[] {
  const found: FieldDifference[] = [];
  compareLayout(of, expected, actual, '', found);
  return found;
}

type Values = Record<string, unknown>;

function compareLayout(of: Layout, a: Values, b: Values, prefix: string, found: FieldDifference[]): void {
  for (const [name, field] of Object.entries(of.fields)) {
    compareField(field, a[name], b[name], prefix + name, found);
  }
}

function compareField(field: Field, a: unknown, b: unknown, path: string, found: FieldDifference[]): void {
  switch (field.kind) {
    case 'uint':
    case 'u64':
    case 'ndrUint':
    case 'guid':
    case 'bytes':
    case 'text':
    case 'padding':
      if (!sameScalar(a, b)) found.push({ path, field, expected: a, actual: b });
      return;
    case 'struct':
      compareLayout(field.layout, a as Values, b as Values, `${path}.`, found);
      return;
    case 'list':
      compareList(field, a as readonly Values[], b as readonly Values[], path, found);
  }
}

function compareList(
  field: Field & { kind: 'list' },
  a: readonly Values[],
  b: readonly Values[],
  path: string,
  found: FieldDifference[],
): void {
  if (a.length !== b.length) {
    found.push({ path, field, expected: `${a.length} items`, actual: `${b.length} items` });
  }
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    compareLayout(field.layout, a[i]!, b[i]!, `${path}[${i}].`, found);
  }
}

function sameScalar(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
