import { existsSync, renameSync, rmSync } from 'node:fs';
import { type ByteSink, FileSink, PcapngWriter, PcapWriter, type PacketWriter } from '../../captures';
import { WriteFileError } from '../safe-file';

/**
 * A capture that is written as things happen, each packet at once, so that a kill loses nothing. Where the file exists
 * already, the new one grows beside it and takes its place at the end: until then, and if the disk fills up, the old one is intact.
 */
export class CaptureFile implements PacketWriter {
  /** Where the packets go now. */
  readonly path: string;
  readonly #writer: PacketWriter;
  #failed: WriteFileError | null = null;

  /** @param file pcapng, or classic pcap where its name ends in `.pcap` @throws WriteFileError */
  constructor(readonly file: string) {
    this.path = existsSync(file) ? `${file}.tmp-${process.pid}` : file;
    let sink: ByteSink | undefined;
    try {
      sink = new FileSink(this.path);
      this.#writer = file.endsWith('.pcap') ? new PcapWriter(sink) : new PcapngWriter(sink);
    } catch (error) {
      sink?.close();
      this.#discard();
      throw new WriteFileError(file, error);
    }
  }

  /** @throws WriteFileError, and again at every further packet */
  packet(packet: Parameters<PacketWriter['packet']>[0]): void {
    if (this.#failed !== null) throw this.#failed;
    try {
      this.#writer.packet(packet);
    } catch (error) {
      this.#failed = new WriteFileError(this.file, error);
      throw this.#failed;
    }
  }

  /** Puts the file in its place. After a failure the old file stays, and what was written of the new one goes. */
  close(): void {
    this.#writer.close();
    if (this.path === this.file) return;
    if (this.#failed === null) renameSync(this.path, this.file);
    else this.#discard();
  }

  #discard(): void {
    if (this.path !== this.file) rmSync(this.path, { force: true });
  }
}
