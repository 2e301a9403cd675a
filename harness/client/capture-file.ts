import { PcapngWriter, PcapWriter, type PacketWriter } from '../../captures';
import { OutputFile } from '../support/output-file';
import { WriteFileError } from '../support/safe-file';

/**
 * A capture that is written as things happen, each packet at once, so that a kill loses nothing. Where the file exists
 * already, the new one grows beside it and takes its place at the end: until then, and if the disk fills up, the old one is intact.
 */
export class CaptureFile implements PacketWriter {
  readonly #output: OutputFile;
  readonly #writer: PacketWriter;
  #failed: WriteFileError | null = null;
  #closed = false;

  /** @param file pcapng, or classic pcap where its name ends in `.pcap` @throws WriteFileError */
  constructor(readonly file: string) {
    let output: OutputFile | undefined;
    try {
      output = new OutputFile(file, { growing: true });
      const sink = { write: (bytes: Uint8Array) => output!.write(bytes), close: () => undefined };
      this.#writer = file.endsWith('.pcap') ? new PcapWriter(sink) : new PcapngWriter(sink);
      this.#output = output;
    } catch (error) {
      output?.discard();
      throw new WriteFileError(file, error);
    }
  }

  /** Where the packets go now. */
  get path(): string {
    return this.#output.path;
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

  /**
   * Puts the file in its place. After a failure the old file stays, and what was written of the new one goes.
   * @throws WriteFileError
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#writer.close();
    try {
      if (this.#failed === null) this.#output.commit();
      else this.#output.discard();
    } catch (error) {
      throw new WriteFileError(this.file, error);
    }
  }
}
