import type { TransferSyntax } from '../../protocol';
import { html, type Html } from '../escape/html';
import { evidenceFields } from '../evidence/evidence-fields';
import { transferSyntaxes } from '../evidence/evidence-syntax';
import { asciiOf } from '../evidence/evidence-text';
import type { Evidence, EvidenceField } from '../results/result';

const ROW = 16;

/**
 * A conversation, each PDU as a hex dump in which the fields are marked and named, with a table of the fields beneath. What
 * the message rests on is open: the PDUs with marked fields, or else the last one sent and what came after it.
 */
export function pduFigures(conversation: readonly Evidence[], expectedHex?: string): Html[] {
  const syntaxes = transferSyntaxes(conversation);
  const isMarked = ({ fields = [] }: Evidence): boolean => fields.some(({ marked }) => marked === true);
  const anyMarked = conversation.some(isMarked);
  const lastSent = conversation.findLastIndex(({ direction }) => direction === 'sent');
  return conversation.map((evidence, index) =>
    pduFigure(evidence, syntaxes[index], anyMarked ? isMarked(evidence) : index >= lastSent, expectedHex),
  );
}

function pduFigure(
  evidence: Evidence,
  syntax: TransferSyntax | undefined,
  open: boolean,
  expectedHex: string | undefined,
): Html {
  const bytes = Buffer.from(evidence.hex, 'hex');
  const fields = [...evidenceFields(evidence, syntax)]
    .filter(({ offset, length }) => offset + length <= bytes.length)
    .sort((one, other) => one.offset - other.offset);
  const marked = fields.filter((field) => field.marked === true);
  const { direction, pdu, connection, at, note } = evidence;
  return html`<figure class="pdu ${direction}"><details${open ? html` open` : undefined}><summary><strong>${direction === 'sent' ? '→ sent' : '← received'} ${pdu}</strong>, ${bytes.length} bytes${connection === undefined ? '' : `, connection ${connection}`}${at === undefined ? '' : `, ${at}`}${note === undefined ? '' : `: ${note}`}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Bytes of the ${direction} ${pdu}"><pre class="hex">${dump(bytes, fields)}</pre></div>
${marked.length === 0 ? undefined : html`<ul class="marked">${marked.map(({ path, value, offset, length }) => html`<li><mark>${path}</mark> at offset ${offset} of the PDU, ${length} bytes: <code>${value}</code>${expectedBytes(bytes.subarray(offset, offset + length), expectedHex)}</li>`)}</ul>`}
${fields.length === 0 ? undefined : html`<details class="fields"><summary>All ${fields.length} fields</summary><div class="scroll" tabindex="0" role="region" aria-label="Fields of the ${direction} ${pdu}">${fieldTable(fields)}</div></details>`}</details></figure>`;
}

/** The bytes that are there over those that should be, one under the other. */
function expectedBytes(received: Uint8Array, expectedHex: string | undefined): Html | undefined {
  if (expectedHex === undefined) return undefined;
  const spaced = (bytes: Uint8Array): string =>
    Buffer.from(bytes)
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
  return html`<pre class="versus">received  ${spaced(received)}\nexpected  ${spaced(Buffer.from(expectedHex, 'hex'))}</pre>`;
}

function fieldTable(fields: readonly EvidenceField[]): Html {
  return html`<table><thead><tr><th scope="col">Offset</th><th scope="col">Length</th><th scope="col">Field</th><th scope="col">Value</th></tr></thead><tbody>${fields.map(
    ({ path, offset, length, value, title, marked }, index) =>
      html`<tr data-f="${index}"><td class="number">${offset}</td><td class="number">${length}</td><th scope="row"><button type="button" class="plain" aria-pressed="false">${path}</button>${marked === true ? html` <mark>marked</mark>` : undefined}${title === undefined ? undefined : html`<br><small>${title}</small>`}</th><td><code>${value}</code></td></tr>`,
  )}</tbody></table>`;
}

/** Which field each byte belongs to: the innermost of those that hold it, -1 for none. */
function owners(length: number, fields: readonly EvidenceField[]): Int32Array {
  const owner = new Int32Array(length).fill(-1);
  fields.forEach((field, index) => {
    owner.fill(index, field.offset, field.offset + field.length);
  });
  return owner;
}

function dump(bytes: Buffer, fields: readonly EvidenceField[]): Html[] {
  const owner = owners(bytes.length, fields);
  const rows: Html[] = [];
  for (let start = 0; start < bytes.length; start += ROW) {
    const row = bytes.subarray(start, start + ROW);
    const padding = ' '.repeat((ROW - row.length) * 3);
    rows.push(
      html`<span class="row"><span><span class="offset">${start.toString(16).padStart(4, '0')}</span>  ${runs(bytes, owner, start, start + row.length, fields)}${padding}  <span class="ascii">${asciiOf(row).padEnd(ROW)}</span>  </span><span class="names">${names(fields, start, start + row.length)}</span>\n</span>`,
    );
  }
  return rows;
}

/** The names of the fields that begin in a row, beside it. */
function names(fields: readonly EvidenceField[], from: number, to: number): Html[] {
  const starting = fields.flatMap((field, index) =>
    field.offset >= from && field.offset < to ? [{ field, index }] : [],
  );
  return starting.map(({ field: { path, marked }, index }, place) => {
    const short = path.slice(path.lastIndexOf('.') + 1);
    return html`${place === 0 ? '' : ' '}<span class="name f${index % 2}${marked === true ? ' m' : ''}" data-f="${index}">${short}</span>`;
  });
}

/** The bytes of one row, those of a field together. */
function runs(
  bytes: Buffer,
  owner: Int32Array,
  from: number,
  to: number,
  fields: readonly EvidenceField[],
): Html[] {
  const parts: Html[] = [];
  let start = from;
  while (start < to) {
    const index = owner[start]!;
    let end = start + 1;
    while (end < to && owner[end] === index) end += 1;
    const digits = bytes.toString('hex', start, end).replace(/(..)(?!$)/g, '$1 ');
    const gap = end < to ? ' ' : '';
    const field = fields[index];
    parts.push(
      field === undefined
        ? html`${digits}${gap}`
        : html`<span class="f${index % 2}${field.marked === true ? ' m' : ''}" data-f="${index}" title="${field.path}: ${field.value}">${digits}</span>${gap}`,
    );
    start = end;
  }
  return parts;
}
