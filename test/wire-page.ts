import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';
import {
  APPLICATIONS,
  BTFN_KEEP_CONNECTION_ON_ORPHAN,
  BTFN_SECURITY_CONTEXT_MULTIPLEXING,
  btfnSyntax,
  CONTEXT_RESULT,
  FAULT,
  faultName,
  formatStatus,
  HRESULT,
  hresultName,
  KMS_INTERFACE,
  NDR32,
  NDR64,
  REJECTION,
} from '../protocol';
import { escapeMarkdown, markdownBlock, markdownCode } from '../reports/escape/markdown';
import { evidenceFields } from '../reports/evidence/evidence-fields';
import { transferSyntaxes } from '../reports/evidence/evidence-syntax';
import { hexDump } from '../reports/evidence/evidence-text';
import { markdownTable } from '../reports/markdown/markdown-table';
import type { Evidence } from '../reports/results/result';
import { recordedConnections } from '../captures/testing/recorded';
import { BIBLIOGRAPHY } from '../scenarios/catalogue/bibliography';

/** The annotated exchange: `npm run wire` writes docs/wire.md from the layouts and recordings; a test holds the page to them. */
export const WIRE_PAGE = join(packageRoot(), 'docs', 'wire.md');

async function conversation(file: string, connection: number): Promise<Evidence[]> {
  const { pdus } = (await recordedConnections(file))[connection]!;
  return pdus.map(({ side, bytes }) => ({
    direction: side === 'client' ? 'sent' : 'received',
    pdu: 'any',
    hex: bytes.toString('hex'),
    connection,
  }));
}

/** One PDU: its bytes, and every field of them in the order of the wire. */
function annotated(
  title: string,
  why: string,
  evidence: Evidence,
  index: number,
  all: readonly Evidence[],
): string {
  const bytes = Buffer.from(evidence.hex, 'hex');
  const rows = evidenceFields(evidence, transferSyntaxes(all)[index]).map(
    ({ path, offset, length, value, title: doc = '' }) => {
      const octets = bytes.subarray(offset, offset + length).toString('hex');
      return [
        String(offset),
        String(length),
        markdownCode(octets.length <= 32 ? octets : `${octets.slice(0, 28)}…`),
        markdownCode(path),
        escapeMarkdown(doc),
        markdownCode(value.length <= 60 ? value : `${value.slice(0, 60)}…`),
      ];
    },
  );
  const table = markdownTable(['Offset', 'Octets', 'Bytes', 'Field', 'What it is', 'Here'], rows);
  return `## ${title}\n\n${why}\n\n${markdownBlock(hexDump(evidence.hex))}\n\n${table}`;
}

const GRANTED: readonly (readonly [title: string, why: string])[] = [
  [
    'The bind',
    'The client opens TCP port 1688 and offers presentation contexts: the KMS interface under NDR32, under NDR64, and bind-time features.',
  ],
  [
    'The bind_ack',
    'One result for each context, in the order offered. Behind the secondary address (a port as text, its NUL counted) stand 0 to 3 octets of padding, so that the results begin at a multiple of 4 from the start of the PDU. They are the octets that are most often missing.',
  ],
  [
    'The request',
    'The stub is a length, the same length again as the maximum count of the array, and the message of 252 octets.',
  ],
  [
    'The response',
    'The stub is a length, a pointer that is not null, the maximum count, the message, padding up to a multiple of 4 from the start of the stub, and the HRESULT, 0.',
  ],
];

/** docs/wire.md. */
export async function wirePage(): Promise<string> {
  const granted = await conversation('v4-mixed-growth.pcap', 0);
  const refused = await conversation('v4-refused.pcap', 0);
  const at = refused.findLastIndex(({ direction }) => direction === 'received');
  const sections = [
    ...GRANTED.map(([title, why], index) => annotated(title, why, granted[index]!, index, granted)),
    annotated(
      'A refusal',
      'A response PDU whose stub has the length 0, a null pointer, and an HRESULT. It is no fault: the call went through, and the host says no.',
      refused[at]!,
      at,
      refused,
    ),
    names(),
    UNSHOWN,
    padding(),
    SOURCES,
  ];
  return `# An exchange, octet by octet

For whoever writes a host. Every octet of a recorded exchange, from bind to answer, as the layouts of \`protocol/\` read it; written by
\`npm run wire\`, and held to the recordings by a test. Offsets count from the start of the PDU; all fields at all times are in
[fields.md](fields.md), what a host must do with them in [requirements.md](requirements.md).

${sections.join('\n\n')}
`;
}

const RESULTS = `Verdicts on a context, \`result\` and \`reason\`:

| Result | Reason | When |
| ---: | ---: | --- |
| ${CONTEXT_RESULT.acceptance} | 0 | accepted; the result names the transfer syntax |
| ${CONTEXT_RESULT.providerRejection} | ${REJECTION.abstractSyntaxNotSupported} | the interface, or its version, is unknown |
| ${CONTEXT_RESULT.providerRejection} | ${REJECTION.transferSyntaxesNotSupported} | no transfer syntax of the context is taken |
| ${CONTEXT_RESULT.negotiateAck} | bits | bind-time features: those of the bits offered that the host has, 0 to ${BTFN_SECURITY_CONTEXT_MULTIPLEXING | BTFN_KEEP_CONNECTION_ON_ORPHAN} |

The zero UUID and version 0 stand for the transfer syntax in all but the first.`;

/** PDUs that no recording shows, laid out in fields.md. */
const UNSHOWN = `## What a host also meets, and sends

Laid out in [fields.md](fields.md), each behind the common header of 16 octets:

- **fault** (PDU type 3): 32 octets in all, the 4 reserved octets behind the status among them. It names the call_id and the context of its call.
- **bind_nak** (13): the reason, then at least one octet for the number of versions that follow, 2 octets each: 21 octets with \`01 05 00\` for version 5.0.
- **alter_context** (14) has the body of a bind, **alter_context_resp** (15) that of a bind_ack: the secondary address is empty, its length 0, and 2 octets of padding stand before the results.
- **co_cancel** (18) and **orphaned** (19) get no answer; an orphaned gives up its call.
- A **request** with OBJECT (\`80\`) among its flags has a UUID of 16 octets before its stub. One whose flags lack FIRST or LAST is a fragment: the stubs are joined in their order, and the call is answered once.
- A **message** of another version than 4.0, or one that is not 252 octets long, may be refused with \`${formatStatus(HRESULT.invalidData)}\`; so may an N_Policy above 1000, as the lab host does. What is refused is not counted (CNT-13).`;

function names(): string {
  const identifiers = markdownTable(
    ['What', 'UUID', 'Version'],
    [
      [
        'The KMS interface',
        markdownCode(KMS_INTERFACE.uuid),
        `${KMS_INTERFACE.major}.${KMS_INTERFACE.minor}`,
      ],
      ['NDR32, a transfer syntax', markdownCode(NDR32.uuid), String(NDR32.version)],
      ['NDR64, a transfer syntax', markdownCode(NDR64.uuid), String(NDR64.version)],
      [
        'Bind-time features (BTFN), no syntax: its 9th octet on the wire holds the bits offered, here none',
        markdownCode(btfnSyntax(0).uuid),
        String(btfnSyntax(0).version),
      ],
      ['Windows, an application', markdownCode(APPLICATIONS.windows), ''],
      ['Office 2010, an application', markdownCode(APPLICATIONS.office2010), ''],
    ],
  );
  const row = (status: number, name: string): string[] => [
    markdownCode(formatStatus(status)),
    escapeMarkdown(name),
  ];
  const hresults = Object.values(HRESULT).map((status) => row(status, hresultName(status)));
  const faults = Object.values(FAULT).map((status) => row(status, faultName(status)));
  return [
    '## Names and numbers',
    identifiers,
    'The products (KMSIDs) of each application are in `kmsspec list products`.',
    RESULTS,
    'HRESULTs at the end of a response:',
    markdownTable(['HRESULT', 'Meaning'], hresults),
    'Statuses of fault PDUs, which answer a call that could not be made:',
    markdownTable(['Status', 'Name'], faults),
  ].join('\n\n');
}

const padding = (): string => `## Three places of padding

- In the bind_ack, behind the secondary address: to a multiple of 4 from the start of the PDU. A host on port 1688 sends \`5 0 "1688" NUL\`, 7 octets from offset 24, and one octet of padding; an address of another length has another.
- In the response under NDR32, behind the message: to a multiple of 4 from the start of the stub, before the HRESULT of 4 octets.
- Under NDR64 lengths and the pointer are 8 octets, and the HRESULT still stands at a multiple of 4.

The octets of padding have any value; zeros leak nothing (MSG-08).`;

const SOURCES = `## Sources by their short names

| Short name | Source |
| --- | --- |
${BIBLIOGRAPHY.map(({ names, title }) => `| ${names.join(', ')} | ${title} |`).join('\n')}`;

if (require.main === module) void wirePage().then((page) => writeFileSync(WIRE_PAGE, page));
