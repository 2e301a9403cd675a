import { expect } from 'chai';
import { LabHostError } from '../errors';
import { type LabHost, startLabHost } from '../server';
import type { LabHostOptions } from '../settings';
import { bindOf, NDR32_CONTEXT } from './lab';
import { TcpClient } from './tcp';

export const bind = bindOf([NDR32_CONTEXT]);
/** What a test opened and its file closes behind each test. */
export const open: { close(): unknown }[] = [];

export async function start(options: LabHostOptions = {}): Promise<LabHost> {
  const host = await startLabHost(options);
  open.push(host);
  return host;
}

export async function client(host: LabHost, ...segments: Uint8Array[]): Promise<TcpClient> {
  const tcp = await TcpClient.open(host);
  open.push(tcp);
  tcp.send(...segments);
  return tcp;
}

export async function problemOf(work: Promise<unknown>): Promise<LabHostError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(LabHostError);
  return error as LabHostError;
}
