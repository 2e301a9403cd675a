/** Why a file cannot be read as a capture at all. What merely ends early or holds a bad record is a warning. */
export type CaptureErrorCode =
  | 'unreadable' // the file system or the stream says no
  | 'empty' // not one byte
  | 'not-a-capture' // neither pcap nor pcapng
  | 'truncated-header' // ends within the file header
  | 'changed' // it was read before, and held something else
  | 'same-file' // what is read would be overwritten
  | 'no-kms' // nothing in it is what was to be written anew
  | 'unsupported'; // a capture, of a version or kind that is not read

/** Of these nothing stands at an octet of the file. */
const WITHOUT_PLACE: ReadonlySet<CaptureErrorCode> = new Set(['unreadable', 'changed', 'same-file']);

/** What is wrong with a capture, and where. */
export interface CaptureErrorDetails {
  readonly code: CaptureErrorCode;
  /** As the caller named it; `-` for a stream. */
  readonly file: string;
  /** Bytes from the start of the file, of its content where it is gzipped; 0 too where it could not be opened. */
  readonly offset: number;
  /** What is wrong and what to do, without the file and the offset. */
  readonly problem: string;
}

/** The one error of reading captures. Its message is one line with file, offset and what to do. */
export class CaptureError extends Error implements CaptureErrorDetails {
  readonly code: CaptureErrorCode;
  readonly file: string;
  readonly offset: number;
  readonly problem: string;

  constructor(details: CaptureErrorDetails, options?: ErrorOptions) {
    // An offset is of no use in a file of which nothing was read.
    const opened = details.offset > 0 || !WITHOUT_PLACE.has(details.code);
    const place = opened ? `${details.file} at byte ${details.offset}` : details.file;
    super(`${place}: ${details.problem}`, options);
    this.name = 'CaptureError';
    this.code = details.code;
    this.file = details.file;
    this.offset = details.offset;
    this.problem = details.problem;
  }
}
