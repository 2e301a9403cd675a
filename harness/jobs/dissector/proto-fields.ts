import type { Field, Layout } from '../../../protocol';
import { filetimeFilterName, filterName } from './filter-names';
import { luaName, luaString, luaTable } from './lua';

/** One `ProtoField` of the dissector. */
export interface ProtoFieldDeclaration {
  /** What a display filter calls it. */
  readonly abbreviation: string;
  /** Lua source that makes it. */
  readonly source: string;
}

/**
 * The filterable fields of the layouts, each name once: request and response share many.
 * @throws Error where two layouts give one name to fields of different types: that is a mistake in a layout
 */
export function protoFields(layouts: readonly Layout[]): ProtoFieldDeclaration[] {
  const byName = new Map<string, { kind: string; declaration: ProtoFieldDeclaration }>();
  for (const declared of layouts.flatMap(declarationsOf)) {
    const known = byName.get(declared.declaration.abbreviation);
    if (known === undefined) byName.set(declared.declaration.abbreviation, declared);
    else if (known.kind !== declared.kind) {
      throw new Error(`${declared.declaration.abbreviation} is both ${known.kind} and ${declared.kind}`);
    }
  }
  return [...byName.values()].map(({ declaration }) => declaration);
}

interface TypedDeclaration {
  readonly kind: string;
  readonly declaration: ProtoFieldDeclaration;
}

function declarationsOf(layout: Layout): TypedDeclaration[] {
  return Object.entries(layout.fields).flatMap(([name, field]) =>
    declarations(field, filterName(layout, name), title(name)),
  );
}

function declarations(field: Field, abbreviation: string, name: string): TypedDeclaration[] {
  const declare = (kind: string, extra = 'base.NONE', of = abbreviation, label = name): TypedDeclaration => ({
    kind,
    declaration: {
      abbreviation: of,
      source: `ProtoField.${kind}(${luaString(of)}, ${luaString(label)}, ${extra}, ${luaString(field.doc)})`,
    },
  });
  switch (field.kind) {
    case 'uint':
      return [
        declare(`uint${8 * field.size}`, `${numberBase(abbreviation)}, ${valueNames(field.values)}, 0`),
      ];
    case 'u64':
      if (field.format === 'integer') return [declare('uint64', 'base.DEC, nil, 0')];
      return [
        declare('absolute_time', 'base.UTC'),
        declare('uint64', 'base.DEC, nil, 0', filetimeFilterName(abbreviation), `${name} (FILETIME)`),
      ];
    case 'ndrUint':
      return [declare('uint64', 'base.DEC, nil, 0')];
    case 'guid':
      return [declare('guid')];
    case 'bytes':
    case 'padding':
      return [declare('bytes')];
    case 'text':
      return [declare('string')];
    case 'struct':
    case 'list':
      return declarationsOf(field.layout);
  }
}

/** Statuses are read in hex; everything else counts something. */
const numberBase = (abbreviation: string): string =>
  abbreviation === 'kms.hresult' ? 'base.HEX' : 'base.DEC';

function valueNames(values: Readonly<Record<number, string>> | undefined): string {
  if (values === undefined) return 'nil';
  return luaTable(Object.entries(values).map(([value, name]) => [Number(value), luaString(name)]));
}

const TITLES: Readonly<Record<string, string>> = {
  ePid: 'ePID',
  ePidSize: 'ePID size',
  mac: 'MAC',
  hresult: 'HRESULT',
};

/** `requiredClientCount` as `Required client count`. */
function title(name: string): string {
  if (TITLES[name] !== undefined) return TITLES[name];
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The Lua expression for a declared field. */
export const fieldReference = (abbreviation: string): string => `F.${luaName(abbreviation)}`;
