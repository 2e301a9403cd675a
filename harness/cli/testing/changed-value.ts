/** Every place in a value: the way to it. */
export function places(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [[...path], ...below];
}

/** A copy of a value that is another at one place, lacks it, or has a key more beside it. */
export function changedAt(
  value: object,
  path: readonly (string | number)[],
  how: 'set' | 'drop' | 'add',
  other: unknown,
): unknown {
  if (path.length === 0) return how === 'set' ? other : { ...value, more: other };
  const copy = structuredClone(value) as Record<string, unknown>;
  const parent = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>((at, key) => at[key] as never, copy);
  const key = path.at(-1)!;
  if (how === 'set') parent[key] = other;
  else if (how === 'add') parent[Array.isArray(parent) ? parent.length : 'more'] = other;
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
}
