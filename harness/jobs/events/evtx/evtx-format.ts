/**
 * Where the fields of an .evtx stand, all little-endian: a header, then chunks of 64 KB that each stand on their own, with records of binary
 * XML. After the description of the libevtx project, and [MS-EVEN6] 2.2.12 for the tokens.
 */
export const FILE_HEADER = {
  signature: Buffer.from('ElfFile\0', 'latin1'),
  size: 4096,
  flags: 120,
  checksum: 124,
} as const;

/** The file was copied while Windows had it open: headers may be behind. */
export const FILE_IS_DIRTY = 1;

export const CHUNK = {
  signature: Buffer.from('ElfChnk\0', 'latin1'),
  size: 65_536,
  freeSpace: 48,
  recordsChecksum: 52,
  checksum: 124,
  /** Of strings and templates that records share: the checksum is over it and the 120 bytes at the beginning. */
  tables: { start: 128, end: 512 },
  records: 512,
} as const;

export const RECORD = {
  signature: Buffer.from([0x2a, 0x2a, 0, 0]),
  size: 4,
  identifier: 8,
  binaryXml: 24,
  /** The size again, behind the XML. */
  sizeCopy: 4,
} as const;

export const TOKEN = {
  endOfFile: 0x00,
  openStartElement: 0x01,
  closeStartElement: 0x02,
  closeEmptyElement: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  characterReference: 0x08,
  entityReference: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  templateInstance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragmentHeader: 0x0f,
} as const;

/** Set on a token that more of its kind follows, on an element that attributes follow. */
export const MORE = 0x40;

export const VALUE = {
  null: 0x00,
  string: 0x01,
  ansiString: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  boolean: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  filetime: 0x11,
  systemTime: 0x12,
  hex32: 0x14,
  hex64: 0x15,
  binaryXml: 0x21,
  /** Added to the type of each item. */
  array: 0x80,
} as const;
