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
export { captureToJson, exchangesToJson, EXCHANGES_SCHEMA, exchangeToJson } from './format-json';
export { csvHeader, csvLine } from './format-csv';
export { describeExchange, tableHeader, tableRow } from './format-table';
export {
  answerText,
  clearRequest,
  clearResponse,
  formatTime,
  isSealed,
  latencyMs,
  printable,
} from './exchange-summary';
export { type ByteSink, FileSink, MemorySink } from './write/byte-sink';
export { type PacketToWrite, type PacketWriter } from './write/packet-writer';
export { type PcapOptions, PcapWriter } from './write/pcap-writer';
export { type InterfaceOptions, type PcapngOptions, PcapngWriter } from './write/pcapng-writer';
export {
  Conversation,
  type ConversationOptions,
  ConversationWriter,
  type Side,
} from './write/conversation-writer';
export { writeExchanges } from './write/write-exchanges';
export { anonymise, type AnonymiseOptions, type AnonymiseReport } from './anonymise/anonymise';
