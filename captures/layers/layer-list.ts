import type { Layer } from './layer';

/** The headers before the IP header of a segment, outermost first. One object is reused for every packet. */
export class LayerList {
  length = 0;
  /** A datagram around the segment was joined from fragments: the offsets are of several buffers. */
  joined = false;
  readonly layers: Layer[] = [];
  readonly offsets: number[] = [];

  clear(): void {
    this.length = 0;
    this.joined = false;
  }

  add(layer: Layer, at: number): void {
    this.layers[this.length] = layer;
    this.offsets[this.length++] = at;
  }

  /** A copy that outlives the packet. */
  copy(): LayerList {
    const copy = new LayerList();
    for (let i = 0; i < this.length; i++) copy.add(this.layers[i]!, this.offsets[i]!);
    copy.joined = this.joined;
    return copy;
  }
}
