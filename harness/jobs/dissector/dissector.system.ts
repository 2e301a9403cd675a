import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExchanges } from '../../../captures';
import {
  type Exchange,
  type Json,
  kmsRequest,
  kmsResponse,
  type Layout,
  sealedMessage,
  toJson,
} from '../../../protocol';
import { packageRoot } from '../../support/package-root';
import { requireProgram, tshark, tsharkFields, type TsharkRow } from '../../testing/tshark';
import { filterFields, wiresharkDissector } from './dissector';
import { EXPERT_INFOS } from './expert-infos';
import { filetimeFilterName, filterName } from './filter-names';
import { luaString } from './lua';
import { OUTSIDE_TEXTS } from '../../cli/testing/hostile-outputs';

const CORPUS = join(packageRoot(), 'captures/corpus');
const EXPERTS = EXPERT_INFOS.map(({ abbreviation }) => abbreviation);
/** Segments in another order are joined with a preference that is off by default: it gives up behind a lost one. */
const OUT_OF_ORDER = new Set(['hand-overlap.pcap', 'mergecap-out-of-order.pcap']);
/**
 * Captures in which tshark reads other packets than kmsspec, whatever the dissector: layers that it has to be told of, and requests seen twice. What
 * it finds in them is held against the manifest by captures/tshark.system.ts.
 */
const READ_OTHERWISE = new Set(
  (
    JSON.parse(readFileSync(join(CORPUS, 'field/manifest.json'), 'utf8')) as {
      captures: { file: string; tshark?: unknown }[];
    }
  ).captures
    .filter(({ file, tshark }) => tshark !== undefined && /^(layer|twice|unread)-/.test(file))
    .map(({ file }) => file),
);
const ALWAYS = ['frame.number', 'tcp.srcport', 'tcp.dstport'];

describe('the dissector in tshark', () => {
  let folder: string;
  let dissector: string;
  before(async () => {
    await requireProgram('tshark', 'tshark');
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-dissector-'));
    dissector = join(folder, 'kms.lua');
    writeFileSync(dissector, wiresharkDissector('0.0.0'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const rowsOf = (capture: string, filter = 'kms'): Promise<TsharkRow[]> =>
    tsharkFields(capture, dissector, [...ALWAYS, ...filterFields(), ...EXPERTS], ['-Y', filter]);

  for (const name of readdirSync(CORPUS).filter((file) => /\.pcap(ng)?$/.test(file))) {
    for (const passes of [[], ['-2']] as const) {
      it(`shows every field of ${name} as the codec does${passes.length > 0 ? ', in two passes' : ''}`, async () => {
        const capture = join(CORPUS, name);
        const fields = [...ALWAYS, ...filterFields()];
        const rows = await tsharkFields(capture, dissector, fields, [...passes, '-Y', 'kms']);
        const exchanges: Exchange[] = [];
        for await (const exchange of readExchanges(capture)) exchanges.push(exchange);
        expect(exchanges).to.not.be.empty;
        expect(rows).to.have.length(2 * exchanges.length);
        compareAll(exchanges, rows);
      });
    }
  }

  const field = readdirSync(join(CORPUS, 'field')).filter((file) => /\.pcap(ng)?(\.gz)?$/.test(file));
  for (const name of field.filter((file) => !READ_OTHERWISE.has(file))) {
    it(`shows every field of field/${name} as the codec does`, async () => {
      const capture = join(CORPUS, 'field', name);
      const order = OUT_OF_ORDER.has(name) ? ['-o', 'tcp.reassemble_out_of_order:TRUE'] : [];
      const fields = [...ALWAYS, ...filterFields()];
      const rows = await tsharkFields(capture, dissector, fields, [...order, '-Y', 'kms']);
      const left = rows.flatMap(callsOf);
      for await (const exchange of readExchanges(capture)) {
        for (const [what, fits] of sidesOf(exchange)) {
          const found = left.findIndex(fits);
          expect(found, `${what} of exchange ${exchange.index}`).to.be.at.least(0);
          left.splice(found, 1);
        }
      }
      // A response whose request is not in the capture is no exchange, and shown all the same.
      expect(left.filter((row) => row['kms.kind']![0] === 'request')).to.deep.equal([]);
      expect(left).to.have.length.at.most(1);
    });
  }

  it('filters by CMID on both sides of the exchange, and by count', async () => {
    const capture = join(CORPUS, 'v4-threshold-clients.pcap');
    const [first] = await rowsOf(capture, 'kms.count == 1');
    const cmid = first!['kms.cmid']![0]!;
    const both = await rowsOf(capture, `kms.cmid == ${cmid}`);
    expect(both.map((row) => row['kms.kind'])).to.deep.equal([['request'], ['response']]);
    // 30 clients of threshold 25: counts 25 to 30 activate.
    expect(await rowsOf(capture, 'kms.activates == 1')).to.have.length(6);
    expect(await rowsOf(capture, 'kms.count < 25')).to.have.length(24);
  });

  it('shows count and threshold as columns and in the info column', async () => {
    const columns = ['-o', 'gui.column.format:"Info","%i","Count","%Cus:kms.count","N","%Cus:kms.threshold"'];
    const capture = join(CORPUS, 'v4-threshold-clients.pcap');
    const out = await tshark(capture, dissector, [...columns, '-Y', 'kms.count == 25']);
    expect(out.trim()).to.match(/KMS response count 25 of 25, activates\s+25\s+25$/);
  });

  it('has strings of Lua that hold any text, octet by octet, and run nothing of it', async () => {
    const texts = [...OUTSIDE_TEXTS, String.fromCharCode(...Array(256).keys()), '\\1', '1\\', ']]', '--[['];
    const [script, out] = [join(folder, 'strings.lua'), join(folder, 'strings.txt')];
    const lines = texts.map((text) => `say(${luaString(text)})\n-- ${luaString(text)}`);
    const say = `local function say(text) out:write((text:gsub(".", function(c) return string.format("%02x", c:byte()) end)), "\\n") end`;
    writeFileSync(
      script,
      [`local out = io.open(${luaString(out)}, "w")`, say, ...lines, 'out:close()'].join('\n'),
    );
    await tshark(join(CORPUS, 'v4-refused.pcap'), script, ['-c', '1']);
    const read = readFileSync(out, 'latin1').split('\n').slice(0, -1);
    expect(read).to.deep.equal(texts.map((text) => Buffer.from(text, 'utf8').toString('hex')));
    expect(readdirSync(folder)).to.not.include('owned');
  });

  it('names refusals', async () => {
    const rows = await rowsOf(join(CORPUS, 'v4-refused.pcap'), 'kms.hresult');
    expect(rows.map((row) => row['kms.hresult'])).to.deep.equal([
      ['0xc004f042'],
      ['0xc004f042'],
      ['0x8007000d'],
    ]);
    expect(rows.map((row) => row['kms.kind'])).to.deep.equal([['refusal'], ['refusal'], ['refusal']]);
    for (const row of rows) expect(row['kms.expert.refusal']).to.have.length(1);
  });

  it('marks nothing in the corpus but refusals and unchecked MACs', async () => {
    for (const name of readdirSync(CORPUS).filter((file) => /\.pcap(ng)?$/.test(file))) {
      const marked = new Set<string>();
      for (const row of await rowsOf(join(CORPUS, name))) {
        for (const expert of EXPERTS) if (row[expert]!.length > 0) marked.add(expert);
      }
      marked.delete('kms.expert.mac_unchecked');
      marked.delete('kms.expert.refusal');
      expect([...marked], name).to.deep.equal([]);
    }
  });
});

function compareAll(exchanges: readonly Exchange[], rows: readonly TsharkRow[]): void {
  const byClient = new Map<string, TsharkRow[]>();
  for (const row of rows) {
    const isRequest = row['kms.kind']![0] === 'request';
    const client = row[isRequest ? 'tcp.srcport' : 'tcp.dstport']![0]!;
    byClient.set(client, [...(byClient.get(client) ?? []), row]);
  }
  for (const exchange of exchanges) {
    const waiting = byClient.get(exchange.client.split(':').at(-1)!)!;
    const [request, answer] = waiting.splice(0, 2);
    const { content } = exchange.request;
    if (content.kind === 'malformed') throw new Error('the corpus holds no malformed request');
    if (content.kind === 'clear') compare(kmsRequest, toJson(kmsRequest, content.value), request!);
    else compare(sealedMessage, toJson(sealedMessage, content.value), request!);
    compareAnswer(exchange, answer!);
  }
  expect([...byClient.values()].flat()).to.deep.equal([]);
}

function compareAnswer(exchange: Exchange, row: TsharkRow): void {
  const { answer, request } = exchange;
  switch (answer?.kind) {
    case 'response':
      compare(kmsResponse, toJson(kmsResponse, answer.value), row);
      if (request.content.kind === 'clear') {
        const threshold = request.content.value.requiredClientCount;
        expect(row['kms.threshold']).to.deep.equal([String(threshold)]);
        expect(row['kms.activates']).to.deep.equal([
          answer.value.currentClientCount >= threshold ? '1' : '0',
        ]);
      }
      return;
    case 'sealed':
      compare(sealedMessage, toJson(sealedMessage, answer.value), row);
      return;
    case 'refusal':
      expect(Number(row['kms.hresult']![0])).to.equal(answer.hresult);
      return;
    default:
      throw new Error(`the corpus holds no answer of kind ${answer?.kind}`);
  }
}

/** A frame may hold several calls of one kind: a row for each. */
function callsOf(row: TsharkRow): TsharkRow[] {
  const kinds = row['kms.kind']!;
  return kinds.map((_, i) =>
    Object.fromEntries(
      Object.entries(row).map(([field, values]) => {
        const own = values.length === kinds.length ? values.slice(i, i + 1) : values;
        return [field, own] as const;
      }),
    ),
  );
}

/** How to tell the rows of request and answer: by every field that they have. */
function sidesOf({ request, answer }: Exchange): (readonly [string, (row: TsharkRow) => boolean])[] {
  const fits = (kind: string, of: Layout, json: Readonly<Record<string, Json>>) => (row: TsharkRow) =>
    row['kms.kind']![0] === kind && shows(of, json, row);
  const { content } = request;
  const sides: (readonly [string, (row: TsharkRow) => boolean])[] = [];
  if (content.kind === 'clear')
    sides.push(['the request', fits('request', kmsRequest, toJson(kmsRequest, content.value))]);
  if (content.kind === 'sealed')
    sides.push(['the request', fits('request', sealedMessage, toJson(sealedMessage, content.value))]);
  if (answer?.kind === 'response')
    sides.push(['the answer', fits('response', kmsResponse, toJson(kmsResponse, answer.value))]);
  if (answer?.kind === 'sealed')
    sides.push(['the answer', fits('response', sealedMessage, toJson(sealedMessage, answer.value))]);
  if (answer?.kind === 'refusal') {
    sides.push([
      'the answer',
      (row) => row['kms.kind']![0] === 'refusal' && Number(row['kms.hresult']![0]) === answer.hresult,
    ]);
  }
  return sides;
}

function shows(of: Layout, json: Readonly<Record<string, Json>>, row: TsharkRow): boolean {
  return Object.entries(of.fields).every(([name, field]) => {
    const filter = filterName(of, name);
    const shown = field.kind === 'u64' ? row[filetimeFilterName(filter)] : row[filter];
    return shown?.length === 1 && shown[0] === textOf(json[name]);
  });
}

/** Every field of the layout, and no other field of a message. */
function compare(of: Layout, json: Readonly<Record<string, Json>>, row: TsharkRow): void {
  for (const [name, field] of Object.entries(of.fields)) {
    const filter = filterName(of, name);
    const shown = field.kind === 'u64' ? row[filetimeFilterName(filter)] : row[filter];
    expect(shown, filter).to.deep.equal([textOf(json[name])]);
  }
}

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
