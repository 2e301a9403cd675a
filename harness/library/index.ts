/**
 * What most need of kmsspec: check a host, read a capture, decode what went over the wire, start a host to test against.
 * All else is beside it, under `kmsspec/protocol`, `kmsspec/captures`, `kmsspec/harness`, `kmsspec/scenarios` and `kmsspec/reports`.
 */
export { type CheckOptions, checkHost, type HostAddress, type HostCheck } from './check-host';
export { expectConforming, NonConformance } from './expect-conforming';
export { type CaptureItem, readCapture, readExchanges } from '../../captures';
export {
  decode,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type Exchange,
  type KmsRequest,
  kmsRequest,
  type KmsResponse,
  kmsResponse,
  ProtocolError,
} from '../../protocol';
export { type LabHost, type LabHostOptions, startLabHost } from '../lab-host';
export { UsageError } from '../support/usage-error';
