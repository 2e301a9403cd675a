import {
  bindAckBody,
  bindBody,
  bindNakBody,
  type Extent,
  faultBody,
  type Field,
  kmsRequest,
  kmsResponse,
  type Layout,
  pduHeader,
  refusalStub,
  requestBody,
  requestStub,
  responseBody,
  responseStub,
  sealedMessage,
} from '../../../protocol';
import { markdown, type Row } from '../output/table';

/** Every wire structure, from the inside of a call to its outside. */
const STRUCTURES: readonly Layout[] = [
  kmsRequest,
  kmsResponse,
  sealedMessage,
  requestStub,
  responseStub,
  refusalStub,
  pduHeader,
  bindBody,
  bindAckBody,
  bindNakBody,
  requestBody,
  responseBody,
  faultBody,
];

const INTRODUCTION = `# Field reference

Every wire structure that kmsspec knows, field by field. Written by \`kmsspec list fields --format markdown\` from the layouts in
\`protocol/\`; a test holds this file against it. Offsets are in bytes and stand where they do not depend on what precedes; an NDR length
has 4 bytes in NDR32 and 8 in NDR64. The names are those of \`inspect --json\` and of the library.
`;

interface ReferenceRow {
  readonly structure: string;
  readonly offset: string;
  readonly size: string;
  readonly field: string;
  readonly type: string;
  readonly meaning: string;
}

/** One row a field; the fields of nested structures stand behind the field that holds them. */
export function fieldRows(): Row[] {
  return STRUCTURES.flatMap((structure) => rowsOf(structure).map((row) => ({ ...row })));
}

/** The same as docs/fields.md: a table for each structure. */
export function fieldsMarkdown(): string {
  const sections = STRUCTURES.map((structure) => {
    const rows = rowsOf(structure).map(({ offset, size, field, type, meaning }) => [
      offset,
      size,
      field,
      type,
      meaning,
    ]);
    return `## ${structure.name}\n\n${markdown(['offset', 'size', 'field', 'type', 'meaning'], rows)}`;
  });
  return [INTRODUCTION, ...sections].join('\n');
}

function rowsOf(structure: Layout): ReferenceRow[] {
  const rows: ReferenceRow[] = [];
  addRows(structure, structure.name, '', 0, rows);
  return rows;
}

/** @param offset undefined once a field of variable size has come */
function addRows(
  of: Layout,
  structure: string,
  prefix: string,
  start: number | undefined,
  rows: ReferenceRow[],
): void {
  let offset = start;
  for (const [name, field] of Object.entries(of.fields)) {
    const { size, type } = describe(field);
    const shown = offset === undefined ? '' : String(offset);
    rows.push({ structure, offset: shown, size, field: prefix + name, type, meaning: meaning(field) });
    if (field.kind === 'struct') addRows(field.layout, structure, `${prefix}${name}.`, offset, rows);
    if (field.kind === 'list') addRows(field.layout, structure, `${prefix}${name}[].`, undefined, rows);
    offset = offset === undefined || !/^\d+$/.test(size) ? undefined : offset + Number(size);
  }
}

function meaning(field: Field): string {
  const values = field.kind === 'uint' ? field.values : undefined;
  if (values === undefined) return field.doc;
  return `${field.doc}: ${Object.entries(values)
    .map(([value, name]) => `${value} ${name}`)
    .join(', ')}`;
}

function describe(field: Field): { readonly size: string; readonly type: string } {
  switch (field.kind) {
    case 'uint':
      return { size: String(field.size), type: `u${8 * field.size}` };
    case 'u64':
      return { size: '8', type: field.format === 'filetime' ? 'FILETIME' : 'u64' };
    case 'ndrUint':
      return { size: '4 or 8', type: 'NDR length' };
    case 'guid':
      return { size: '16', type: 'GUID' };
    case 'bytes':
      return { size: extent(field.length), type: 'bytes' };
    case 'text':
      return { size: extent(field.length), type: 'UTF-16LE with NUL' };
    case 'padding':
      return { size: `to ${field.multiple}`, type: 'padding' };
    case 'struct':
      return { size: structSize(field.layout), type: 'structure' };
    case 'list':
      return { size: '', type: `${field.count} structures` };
  }
}

const extent = (length: Extent): string => {
  if (length === 'rest') return 'rest';
  return typeof length === 'number' ? String(length) : length.field;
};

/** A structure of fixed fields has their size together. */
function structSize(of: Layout): string {
  const sizes = Object.values(of.fields).map((field) => describe(field).size);
  return sizes.every((size) => /^\d+$/.test(size))
    ? String(sizes.reduce((sum, size) => sum + Number(size), 0))
    : '';
}
