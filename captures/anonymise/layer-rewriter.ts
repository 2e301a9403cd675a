import { serviceInstanceTag } from '../layers/ethernet';
import { nflogAttributes, NFLOG_PAYLOAD } from '../layers/capture-headers';
import type { Layer, LayerName } from '../layers/layer';
import type { LayerList } from '../layers/layer-list';
import { GRE } from '../layers/tunnels';
import { radiotapFieldsAt, radiotapFlagsAt } from '../layers/wifi';
import { foldChecksum, setUdpChecksum, wordSum } from '../net/checksum';
import { rewriteIp } from './frame-rewriter';
import type { Pseudonyms } from './pseudonyms';

/** A header for which there is no rule, so that nothing in it can be called harmless. */
export class UnknownLayerError extends Error {
  override readonly name = 'UnknownLayerError';
}

interface Header {
  readonly frame: Buffer;
  readonly layer: Layer;
  readonly at: number;
  /** Where the next header starts. */
  readonly end: number;
  readonly pseudonyms: Pseudonyms;
}

const keep = (): void => undefined;

/** What follows a tag is told by an Ethertype behind it. */
const ETHERTYPE_SIZE = 2;
const VLAN_SIZE = 4;

/** What becomes of each kind of header: numbers of networks, sessions and ports stay, whoever is named gets another name. */
const RULES: Readonly<Record<LayerName, (header: Header) => void>> = {
  ip: ({ frame, at, end, pseudonyms }) => void rewriteIp(frame, at, end, pseudonyms),
  ethernet: (header) => hardware(header, 0, 6),
  // Of 802.1Q the priority stays; what other tags say is not known.
  tag({ frame, layer, at, end, pseudonyms }) {
    if (layer.read === serviceInstanceTag) return void frame.fill(0, at, end);
    if (end - at !== VLAN_SIZE) return void frame.fill(0, at, Math.max(at, end - ETHERTYPE_SIZE));
    const id = frame.subarray(at, at + 2);
    const vlan = id.readUInt16BE() & 0x0fff;
    const fresh = vlan === 0 ? 0 : 1 + (pseudonyms.offsets('network', vlan)[0] % 4094);
    id.writeUInt16BE((id.readUInt16BE() & 0xe000) | fresh);
  },
  llc: keep,
  mpls: keep,
  pppoe: keep,
  framing: keep,
  tunnel: keep,
  udp: keep,
  gre: keep,
  cooked(header) {
    hardware(header, 6);
    header.frame.fill(0, header.at + 12, header.at + 14);
  },
  cooked2(header) {
    hardware(header, 12);
    header.frame.fill(0, header.at + 18, header.at + 20);
  },
  tokenRing(header) {
    const { frame, at } = header;
    const routed = frame[at + 8]! & 0x80;
    hardware(header, 2, 8);
    frame[at + 8] = (frame[at + 8]! & 0x7f) | routed;
  },
  fddi: (header) => hardware(header, 1, 7),
  // Its value is over addresses that are no more.
  authentication: ({ frame, at, end }) => void frame.fill(0, Math.min(at + 12, end), end),
  captureHeader: keepBeginning,
  metadata: keepBeginning,
  radiotap({ frame, at, end }) {
    const flagsAt = radiotapFlagsAt(frame, at, end - at);
    const flags = flagsAt < 0 ? 0 : frame[flagsAt]!;
    frame.fill(0, radiotapFieldsAt(frame, at, end - at), end);
    if (flagsAt >= 0) frame[flagsAt] = flags;
  },
  nflog({ frame, at, end }) {
    frame.fill(0, at + 2, at + 4);
    nflogAttributes(frame, at, (type, from, to) => {
      if (type !== NFLOG_PAYLOAD) frame.fill(0, from, Math.min(to, end));
    });
  },
  wifi(header) {
    hardware(header, 4, 10, 16);
    if ((header.frame[header.at + 1]! & 3) === 3) hardware(header, 24);
  },
  geneve({ frame, at, end }) {
    for (let option = at + 8; option + 4 <= end; ) {
      const next = option + 4 + (frame[option + 3]! & 0x1f) * 4;
      frame.fill(0, option + 4, Math.min(next, end));
      option = next;
    }
  },
  opaque() {
    throw new UnknownLayerError();
  },
};

function keepBeginning({ frame, layer, at, end }: Header): void {
  frame.fill(0, Math.min(at + (layer.kept ?? 0), end), end);
}

function hardware({ frame, at, end, pseudonyms }: Header, ...offsets: readonly number[]): void {
  for (const offset of offsets) {
    const from = at + offset;
    if (from + 6 <= end) frame.set(pseudonyms.hardwareAddress(frame.subarray(from, from + 6)), from);
  }
}

/**
 * Rewrites what is around an IP header; checksums over what is inside are for `finishLayers`.
 * @param networkOffset where that IP header starts
 * @throws UnknownLayerError where something is around it whose contents are not known
 */
export function rewriteLayers(
  frame: Buffer,
  layers: LayerList,
  networkOffset: number,
  pseudonyms: Pseudonyms,
): void {
  if (layers.joined) throw new UnknownLayerError();
  for (let i = 0; i < layers.length; i++) {
    const end = i + 1 < layers.length ? layers.offsets[i + 1]! : networkOffset;
    const layer = layers.layers[i]!;
    RULES[layer.name]({ frame, layer, at: layers.offsets[i]!, end, pseudonyms });
  }
}

/** Checksums of UDP and GRE over what they carry, the innermost first, once everything else is as it will be. */
export function finishLayers(frame: Buffer, layers: LayerList): void {
  for (let i = layers.length - 1; i > 0; i--) {
    const at = layers.offsets[i]!;
    const ip = layers.offsets[i - 1]!;
    const { name } = layers.layers[i]!;
    if (layers.layers[i - 1]!.name !== 'ip') continue;
    if (name === 'udp') setUdpChecksum(frame, at, addressesAt(frame, ip));
    else if (name === 'gre') setGreChecksum(frame, at, ipEnd(frame, ip));
  }
}

/** Source and destination of the IP header at `at`, one after the other. */
function addressesAt(frame: Buffer, at: number): Buffer {
  return frame[at]! >> 4 === 6 ? frame.subarray(at + 8, at + 40) : frame.subarray(at + 12, at + 20);
}

/** Where the datagram at `at` ends on the wire. */
function ipEnd(frame: Buffer, at: number): number {
  const length = frame[at]! >> 4 === 6 ? 40 + frame.readUInt16BE(at + 4) : frame.readUInt16BE(at + 2);
  return at + length;
}

/** GRE's checksum is over its header and payload (RFC 2784, 2.3). What was cut cannot be summed up: zero then. */
function setGreChecksum(frame: Buffer, at: number, end: number): void {
  if ((frame.readUInt16BE(at) & GRE.checksum) === 0) return;
  frame.writeUInt16BE(0, at + 4);
  if (end <= frame.length) frame.writeUInt16BE(foldChecksum(wordSum(frame, at, end)), at + 4);
}
