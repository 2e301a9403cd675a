/** A source by the short name that requirements cite it by, and what it is. */
export interface Publication {
  /** What a citation begins with: `C706` of `C706 12.6.3.1`. */
  readonly names: readonly string[];
  readonly title: string;
}

/** What the catalogue cites, in the order of docs/wire.md. */
export const BIBLIOGRAPHY: readonly Publication[] = [
  {
    names: ['understanding-kms'],
    title: '"Understanding KMS", the vendor\'s guide; sections as numbered there',
  },
  { names: ['deployment-guide'], title: "The vendor's KMS deployment guide" },
  {
    names: ['volume-activation-article'],
    title: '"Volume Activation in Server 2008", with the editor\'s note that corrects it',
  },
  { names: ['licensing-mistakes'], title: 'The article on common licensing mistakes' },
  {
    names: ['Operations Guide'],
    title: 'Volume Activation 2.0 Operations Guide; appendix 1, "KMS RPC Messages", has the two messages',
  },
  {
    names: ['C706'],
    title: 'The Open Group, DCE 1.1: Remote Procedure Call, clauses as numbered there',
  },
  { names: ['MS-RPCE'], title: 'Remote Procedure Call Protocol Extensions, the open specification' },
  { names: ['RFC 9293', 'RFC 1122'], title: 'TCP, and requirements for Internet hosts' },
  { names: ['RFC 2782'], title: 'SRV records' },
  {
    names: ['SoftwareLicensingService'],
    title: "The vendor's WMI class of that name: the host's own counters",
  },
  {
    names: ['recorded exchanges'],
    title: 'Captures between independent implementations, `captures/corpus/` with their provenance',
  },
  {
    names: ['host model'],
    title: "This project's own model of a conforming host, `harness/model/`",
  },
];

/** What a citation of the catalogue refers to; undefined for a source of a user's own. */
export function publicationOf(citation: string): Publication | undefined {
  return BIBLIOGRAPHY.find(({ names }) => names.some((name) => isOf(citation, name)));
}

/** The name alone, or the name and a place in it. */
const isOf = (citation: string, name: string): boolean =>
  citation === name || (citation.startsWith(name) && /[ ,:]/.test(citation[name.length]!));
