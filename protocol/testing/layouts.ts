import type { Layout } from '../layout';
import { kmsRequest, kmsResponse, sealedMessage } from '../message';
import {
  authTrailerLayout,
  bindAckBody,
  bindBody,
  bindNakBody,
  faultBody,
  HEADER_SIZE,
  otherBody,
  pduHeader,
  requestBody,
  requestWithObjectBody,
  responseBody,
} from '../pdu-layouts';
import { refusalStub, requestStub, responseStub } from '../stub';

/** Every layout of the protocol, and the offset at which it starts in what it stands in. */
export const LAYOUTS: readonly (readonly [name: string, of: Layout, start: number])[] = [
  ['PDU header', pduHeader, 0],
  ['bind', bindBody, HEADER_SIZE],
  ['bind_ack', bindAckBody, HEADER_SIZE],
  ['bind_nak', bindNakBody, HEADER_SIZE],
  ['request', requestBody, HEADER_SIZE],
  ['request with object', requestWithObjectBody, HEADER_SIZE],
  ['response', responseBody, HEADER_SIZE],
  ['fault', faultBody, HEADER_SIZE],
  ['other', otherBody, HEADER_SIZE],
  ['authentication trailer', authTrailerLayout, 0],
  ['request stub', requestStub, 0],
  ['response stub', responseStub, 0],
  ['refusal stub', refusalStub, 0],
  ['KMS request', kmsRequest, 0],
  ['KMS response', kmsResponse, 0],
  ['sealed message', sealedMessage, 0],
];
