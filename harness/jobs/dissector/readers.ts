import type { Extent, Field, Layout } from '../../../protocol';
import { filetimeFilterName, filterName } from './filter-names';
import { luaName, luaString } from './lua';
import { fieldReference } from './proto-fields';

/** Name of the Lua function that reads a layout. */
export const readerName = ({ name }: Layout): string => `read_${luaName(name)}`;

/**
 * A Lua function that reads one structure where the reader stands: it adds every field to the tree and returns
 * values and tree items by layout name. It calls the helpers of the runtime, which check every length.
 */
export function readerSource(layout: Layout): string {
  const reads = Object.entries(layout.fields).map(([name, field]) => `  ${readSource(layout, name, field)}`);
  return [
    `function ${readerName(layout)}(r, tree)`,
    '  local v, items = {}, {}',
    ...reads,
    '  return v, items',
    'end',
  ].join('\n');
}

function readSource(layout: Layout, name: string, field: Field): string {
  const abbreviation = filterName(layout, name);
  const target = `v.${name}, items.${name}`;
  const common = `r, tree, ${fieldReference(abbreviation)}, ${luaString(`${layout.name}.${name}`)}`;
  switch (field.kind) {
    case 'uint':
      return `${target} = read_uint(${common}, ${field.size})`;
    case 'u64':
      return field.format === 'integer'
        ? `${target} = read_u64(${common})`
        : `${target} = read_filetime(${common}, ${fieldReference(filetimeFilterName(abbreviation))})`;
    case 'ndrUint':
      return `${target} = read_ndr_uint(${common})`;
    case 'guid':
      return `${target} = read_guid(${common})`;
    case 'bytes':
      return `${target} = read_bytes(${common}, ${extentSource(field.length)})`;
    case 'text':
      return `${target} = read_text(${common}, ${extentSource(field.length)})`;
    case 'padding':
      return `${target} = read_bytes(${common}, padding_to(r, ${field.multiple}))`;
    case 'struct':
      return `${target} = ${readerName(field.layout)}(r, tree)`;
    case 'list':
      return `${target} = read_list(r, tree, ${readerName(field.layout)}, v.${field.count})`;
  }
}

function extentSource(length: Extent): string {
  if (length === 'rest') return 'rest_of(r)';
  return typeof length === 'number' ? String(length) : `as_number(v.${length.field})`;
}

/** The layouts and those nested in them, inner ones first, each once. */
export function withNested(layouts: readonly Layout[]): Layout[] {
  const found = new Set<Layout>();
  const visit = (layout: Layout): void => {
    for (const field of Object.values(layout.fields)) {
      if (field.kind === 'struct' || field.kind === 'list') visit(field.layout);
    }
    found.add(layout);
  };
  layouts.forEach(visit);
  return [...found];
}
