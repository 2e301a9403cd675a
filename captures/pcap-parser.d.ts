/** pcap-parser 0.2.1 has no types of its own. Only what this project uses of it. */
declare module 'pcap-parser' {
  import type { EventEmitter } from 'node:events';

  export interface PacketHeader {
    timestampSeconds: number;
    timestampMicroseconds: number;
    capturedLength: number;
    originalLength: number;
  }

  export interface Parser extends EventEmitter {
    on(event: 'packet', listener: (packet: { header: PacketHeader; data: Buffer }) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'end', listener: () => void): this;
  }

  /** What the parser asks of a stream. */
  export interface Feed {
    pause(): unknown;
    resume(): unknown;
    on(event: string, listener: (...args: unknown[]) => void): unknown;
  }

  export function parse(input: string | Feed): Parser;
}
