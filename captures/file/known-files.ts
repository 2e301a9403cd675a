/** A kind of file that people hand in as a capture, by how it begins, and what makes one that is read of it. */
interface KnownFile {
  readonly kind: string;
  /** Octets at the start, in hex. */
  readonly start: string;
  readonly todo: string;
}

const EDITCAP = 'convert it with "editcap -F pcapng IN OUT"';

/** Captures of other tools, packed captures, and logs; by what Wireshark's wiretap and file(1) know them by. */
const KNOWN: readonly KnownFile[] = [
  { kind: 'a Network Monitor 1 capture', start: '52545353', todo: EDITCAP },
  { kind: 'a Network Monitor 2 capture', start: '474d4255', todo: EDITCAP },
  { kind: 'a snoop capture', start: '736e6f6f7000', todo: EDITCAP },
  { kind: 'a Sniffer capture', start: '5452534e49464620', todo: EDITCAP },
  { kind: 'a NetXRay or Windows Sniffer capture', start: '58435000', todo: EDITCAP },
  { kind: 'an AiroPeek capture', start: '7f766572', todo: EDITCAP },
  { kind: 'an iptrace capture', start: '697074726163652032', todo: EDITCAP },
  { kind: 'an iptrace capture', start: '697074726163652031', todo: EDITCAP },
  { kind: 'a Visual Networks capture', start: '05564e46', todo: EDITCAP },
  { kind: 'a LANalyzer capture', start: '01104c00', todo: EDITCAP },
  { kind: 'a LANalyzer capture', start: '07104c00', todo: EDITCAP },
  { kind: 'a 5View capture', start: 'aaaaaaaa', todo: EDITCAP },
  { kind: 'an HP-UX nettl trace', start: '54520064', todo: EDITCAP },
  { kind: 'a K12 capture', start: '0000020012050010', todo: EDITCAP },
  { kind: 'a K12 text file', start: '2b2d2d2d2d2d2d2d2d2d', todo: EDITCAP },
  { kind: 'a Network Instruments Observer capture', start: '4f62736572766572506b74', todo: EDITCAP },
  { kind: 'an EyeSDN trace', start: '4579655344', todo: EDITCAP },
  { kind: 'a Bluetooth snoop capture', start: '6274736e6f6f7000', todo: EDITCAP },
  { kind: 'an Ixia capture', start: '1c0001a', todo: EDITCAP },
  { kind: 'an Ixia capture', start: 'ac01001c', todo: EDITCAP },
  { kind: 'an Ixia capture', start: 'ab01001c', todo: EDITCAP },
  { kind: 'packed by gzip twice', start: '1f8b', todo: 'unpack it with "gzip -d"' },
  { kind: 'packed by xz', start: 'fd377a585a00', todo: 'unpack it with "xz -d"' },
  { kind: 'packed by zstd', start: '28b52ffd', todo: 'unpack it with "zstd -d"' },
  { kind: 'packed by lz4', start: '04224d18', todo: 'unpack it with "lz4 -d"' },
  { kind: 'packed by bzip2', start: '425a68', todo: 'unpack it with "bzip2 -d"' },
  { kind: 'packed by compress', start: '1f9d', todo: 'unpack it with "gzip -d"' },
  { kind: 'packed by lzip', start: '4c5a4950', todo: 'unpack it with "lzip -d"' },
  { kind: 'packed by lz4', start: '02214c18', todo: 'unpack it with "lz4 -d"' },
  { kind: 'packed by lzma', start: '5d0000', todo: 'unpack it with "xz -d"' },
  { kind: 'packed by lzop', start: '894c5a4f', todo: 'unpack it with "lzop -d"' },
  {
    kind: 'a rar archive',
    start: '526172211a07',
    todo: 'unpack it with "unrar x" and name the capture in it',
  },
  { kind: 'a zip archive', start: '504b0304', todo: 'unpack it with "unzip" and name the capture in it' },
  {
    kind: 'a 7-Zip archive',
    start: '377abcaf271c',
    todo: 'unpack it with "7z x" and name the capture in it',
  },
  {
    kind: 'a cabinet archive',
    start: '4d534346',
    todo: 'unpack it with "cabextract" and name the capture in it',
  },
  {
    kind: 'a Windows event log (.evtx)',
    start: '456c6646696c6500',
    todo: 'it is a log, no capture: "kmsspec correlate CAPTURE LOG" reads it beside one',
  },
  {
    kind: 'a log of Windows before Vista (.evt)',
    start: '300000004c664c65',
    todo: 'it is a log, no capture: convert it with "wevtutil epl /lf:true OLD.evt NEW.evtx", which "kmsspec correlate CAPTURE LOG" reads',
  },
  { kind: 'a hex dump', start: '3030303020', todo: 'make a capture of it with "text2pcap IN OUT"' },
  {
    kind: 'XML',
    start: '3c3f786d6c',
    todo: 'name the capture that it was made of; a log goes behind one: "kmsspec correlate CAPTURE LOG"',
  },
  { kind: 'a web page', start: '3c68746d6c', todo: 'download the capture again' },
  { kind: 'a web page', start: '3c21444f43', todo: 'download the capture again' },
];

const ETL = 'convert it with "pktmon etl2pcap IN -o OUT" or, if netsh wrote it, with etl2pcapng';
/** Octets of a WMI buffer header; the trace header behind it has a marker (Windows SDK, evntrace.h). */
const ETL_BUFFER_HEADER = 72;
const ETL_MARKER = 0xc0;

/** How many octets of a file tell its kind. */
export const TELLING_OCTETS = 264;

const TAR = Buffer.from('ustar', 'latin1');
const TAR_AT = 257;

/** What a file is by its first octets, or by its name where those tell nothing, and what to do with it; null where neither does. */
export function recognise(
  start: Buffer,
  file: string,
): { readonly kind: string; readonly todo: string } | null {
  const hex = start.toString('hex');
  const known = KNOWN.find((file) => hex.startsWith(file.start));
  if (known !== undefined) return known;
  if (start.subarray(TAR_AT, TAR_AT + TAR.length).equals(TAR))
    return { kind: 'a tar archive', todo: 'unpack it with "tar xf" and name the capture in it' };
  return isEventTrace(start) || file.toLowerCase().endsWith('.etl')
    ? { kind: 'a Windows event trace (.etl)', todo: ETL }
    : null;
}

/** An event trace has no magic of its own: a buffer size that Windows uses, and a system trace header in its place. */
function isEventTrace(start: Buffer): boolean {
  if (start.length < ETL_BUFFER_HEADER + 4) return false;
  const size = start.readUInt32LE(0);
  const type = start[ETL_BUFFER_HEADER + 2];
  return (
    size >= 1024 &&
    size <= 16 * 1024 * 1024 &&
    size % 1024 === 0 &&
    (type === 1 || type === 2) &&
    start[ETL_BUFFER_HEADER + 3] === ETL_MARKER
  );
}
