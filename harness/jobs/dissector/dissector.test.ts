import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytes, filetime, guid, itemsOf, layout, list, rest, struct, text, u16, u8 } from '../../../protocol';
import { packageRoot } from '../../support/package-root';
import { DISSECTED_LAYOUTS, filterFields, wiresharkDissector } from './dissector';
import { EXPERT_INFOS } from './expert-infos';
import { filterFieldTable } from './field-table';
import { filterName } from './filter-names';
import { luaString } from './lua';
import { storedGuid } from './names';
import { protoFields } from './proto-fields';
import { readerSource, withNested } from './readers';

describe('the Wireshark dissector', () => {
  const source = wiresharkDissector('9.9.9');

  it('has the filter names that people were told, and keeps them', () => {
    // Stable: saved filters, colouring rules and profiles rely on these.
    expect(filterFields()).to.deep.equal([
      'kms.stub.request_size',
      'kms.stub.max_count',
      'kms.stub.message',
      'kms.stub.trailing',
      'kms.stub.response_size',
      'kms.stub.referent_id',
      'kms.stub.padding',
      'kms.hresult',
      'kms.minor_version',
      'kms.major_version',
      'kms.is_virtual_machine',
      'kms.license_status',
      'kms.binding_expiration_minutes',
      'kms.application_id',
      'kms.sku_id',
      'kms.kms_counted_id',
      'kms.cmid',
      'kms.required_client_count',
      'kms.request_time',
      'kms.request_time.filetime',
      'kms.previous_cmid',
      'kms.workstation_name',
      'kms.mac',
      'kms.epid_size',
      'kms.epid',
      'kms.count',
      'kms.activation_interval_minutes',
      'kms.renewal_interval_minutes',
      'kms.initialization_vector',
      'kms.sealed',
      'kms.kind',
      'kms.threshold',
      'kms.activates',
      'kms.surplus',
    ]);
  });

  it('declares a ProtoField for each field of each layout, and reads each', () => {
    for (const of of DISSECTED_LAYOUTS) {
      for (const name of Object.keys(of.fields)) {
        expect(source).to.contain(`"${filterName(of, name)}"`);
        expect(source).to.contain(`v.${name}, items.${name} = `);
      }
    }
  });

  it('declares each expert info once, and uses it', () => {
    for (const { key, abbreviation } of EXPERT_INFOS) {
      expect(source.split(`"${abbreviation}"`), abbreviation).to.have.length(2);
      expect(source, key).to.match(new RegExp(`, E\\.${key}[),]`));
    }
  });

  it('has its fields in docs/wireshark.md as they are', () => {
    const page = readFileSync(join(packageRoot(), 'docs/wireshark.md'), 'utf8');
    expect(page).to.contain(filterFieldTable());
    for (const { abbreviation, text } of EXPERT_INFOS)
      expect(page).to.contain(`| \`${abbreviation}\` | ${text} |`);
  });

  it('names the version that made it', () => {
    expect(source.split('\n')[0]).to.contain('kmsspec 9.9.9');
  });

  it('stores GUIDs as the wire does', () => {
    expect(storedGuid('51c82175-844e-4750-b0d8-ec255555bc06')).to.equal('7521c8514e845047b0d8ec255555bc06');
  });
});

describe('generated Lua', () => {
  const inner = layout('part', { kind: u8('Kind'), id: guid('Id') });
  const outer = layout('whole', {
    count: itemsOf(u16('Parts'), 'parts'),
    first: struct('First', inner),
    parts: list('Parts', inner, 'count'),
    size: u8('Bytes of the name'),
    name: text('Name', { field: 'size' }),
    made: filetime('When'),
    fixed: bytes('Fixed', 4),
    tail: rest('Rest'),
  });

  it('reads every kind of field, nested ones through their own function', () => {
    expect(readerSource(outer).split('\n')).to.deep.equal([
      'function read_whole(r, tree)',
      '  local v, items = {}, {}',
      '  v.count, items.count = read_uint(r, tree, F.kms_count, "whole.count", 2)',
      '  v.first, items.first = read_part(r, tree)',
      '  v.parts, items.parts = read_list(r, tree, read_part, v.count)',
      '  v.size, items.size = read_uint(r, tree, F.kms_size, "whole.size", 1)',
      '  v.name, items.name = read_text(r, tree, F.kms_name, "whole.name", as_number(v.size))',
      '  v.made, items.made = read_filetime(r, tree, F.kms_made, "whole.made", F.kms_made_filetime)',
      '  v.fixed, items.fixed = read_bytes(r, tree, F.kms_fixed, "whole.fixed", 4)',
      '  v.tail, items.tail = read_bytes(r, tree, F.kms_tail, "whole.tail", rest_of(r))',
      '  return v, items',
      'end',
    ]);
    expect(withNested([outer])).to.deep.equal([inner, outer]);
  });

  it('refuses one filter name for two types', () => {
    const other = layout('kms.other', { clientMachineId: u8('No GUID') });
    const one = layout('kms.one', { clientMachineId: guid('A GUID') });
    expect(() => protoFields([one, other])).to.throw('kms.cmid is both guid and uint8');
  });

  it('lets no text out of its string', () => {
    expect(luaString('a"b\\c\n\u{e9}')).to.equal('"a\\"b\\\\c\\010\\195\\169"');
  });
});
