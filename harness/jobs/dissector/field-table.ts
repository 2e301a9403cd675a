import { DISSECTED_LAYOUTS } from './dissector';
import { filetimeFilterName, filterName } from './filter-names';

/** The display filter fields that come from layouts, as the Markdown table of docs/wireshark.md. */
export function filterFieldTable(): string {
  const rows = new Map<string, string>();
  for (const layout of DISSECTED_LAYOUTS) {
    for (const [name, field] of Object.entries(layout.fields)) {
      const filter = filterName(layout, name);
      if (!rows.has(filter)) rows.set(filter, field.doc);
      if (field.kind === 'u64' && field.format === 'filetime') {
        rows.set(filetimeFilterName(filter), 'The same as 100 ns since 1601-01-01 UTC');
      }
    }
  }
  const lines = [...rows].map(([filter, doc]) => `| \`${filter}\` | ${doc} |`);
  return ['| filter | field |', '|---|---|', ...lines].join('\n');
}
