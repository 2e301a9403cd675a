export { CaptureError, type CaptureErrorCode, type CaptureErrorDetails } from './capture-error';
export { type Capture, type CaptureFormat, openCapture, type OpenCaptureOptions } from './open-capture';
export { CapturedPacket, type PacketClock, type PacketMark } from './packet';
export {
  type CaptureItem,
  type CaptureReader,
  type CaptureReport,
  type ExchangeReader,
  readCapture,
  readExchanges,
  type ReadExchangesOptions,
  type TrafficReport,
} from './read-exchanges';
export type { Attempt, AttemptStage } from './attempts/attempt';
export type { Lookup } from './attempts/lookups';
export { type AttemptOutcome, OUTCOMES } from './attempts/outcomes';
export type { Traffic, UnreadPackets } from './traffic';
export type { CaptureWarning } from './warnings';
export { LINK } from './link/link';
export { captureToJson, exchangesToJson, EXCHANGES_SCHEMA, exchangeToJson } from './format-json';
export { csvAttempt, csvHeader, csvLine } from './format-csv';
export { AttemptCounts, attemptText, attemptToJson, nothingHere, trafficToJson } from './format-attempts';
export { attemptRow, describeAttempt, describeExchange, tableHeader, tableRow } from './format-table';
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
