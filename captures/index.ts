export { CaptureError, type CaptureErrorCode, type CaptureErrorDetails } from './capture-error';
export { type Capture, type CaptureFormat, openCapture, type OpenCaptureOptions } from './open-capture';
export { CapturedPacket, type PacketClock, type PacketMark } from './packet';
export {
  type CaptureReport,
  type ExchangeReader,
  readExchanges,
  type ReadExchangesOptions,
} from './read-exchanges';
export type { CaptureWarning } from './warnings';
export { LINK } from './link/link';
