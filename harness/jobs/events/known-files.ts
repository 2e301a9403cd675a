/** Files that are taken for event logs, told by their first bytes, and what to do with them. */
const KNOWN: readonly { readonly hex: string; readonly what: string; readonly advice: string }[] = [
  {
    hex: '300000004c664c65',
    what: 'a log of Windows before Vista (.evt)',
    advice: 'convert it on Windows with: wevtutil epl /lf:true old.evt new.evtx',
  },
  { hex: '504b0304', what: 'a ZIP archive or a workbook', advice: 'unpack it, or save the sheet as CSV' },
  { hex: '1f8b', what: 'compressed with gzip', advice: 'unpack it with: gunzip' },
  { hex: 'fd377a585a00', what: 'compressed with xz', advice: 'unpack it with: xz -d' },
  { hex: '28b52ffd', what: 'compressed with zstd', advice: 'unpack it with: zstd -d' },
  { hex: '425a68', what: 'compressed with bzip2', advice: 'unpack it with: bunzip2' },
  { hex: '377abcaf271c', what: 'a 7z archive', advice: 'unpack it with: 7z x' },
  { hex: 'd4c3b2a1', what: 'a capture', advice: 'the capture comes first, the log second' },
  { hex: 'a1b2c3d4', what: 'a capture', advice: 'the capture comes first, the log second' },
  { hex: '4d3cb2a1', what: 'a capture', advice: 'the capture comes first, the log second' },
  { hex: '0a0d0d0a', what: 'a capture', advice: 'the capture comes first, the log second' },
  { hex: 'd0cf11e0', what: 'a document of Microsoft Office', advice: 'save the sheet as CSV' },
];

/** What a file is that is no event log, where its first bytes tell. */
export function knownFile(beginning: Uint8Array): { readonly what: string; readonly advice: string } | null {
  const hex = Buffer.from(beginning.subarray(0, 16)).toString('hex');
  return KNOWN.find((known) => hex.startsWith(known.hex)) ?? null;
}
