import { Writable } from 'node:stream';

/** Standard output that takes a few octets and then fails, as a pipe or a full disk does. */
export class FailingOutput extends Writable {
  #room: number;

  constructor(
    private readonly errno: 'EPIPE' | 'ENOSPC',
    room: number,
  ) {
    super();
    this.#room = room;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.#room -= chunk.length;
    if (this.#room >= 0) done();
    else done(Object.assign(new Error(this.errno), { code: this.errno }));
  }
}
