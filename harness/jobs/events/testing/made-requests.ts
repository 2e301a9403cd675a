/** One request as a made log has it. */
export interface MadeRequest {
  readonly hresult: number;
  readonly required: number;
  readonly name: string;
  readonly cmid: string;
  /** Minutes since 1970 UTC. */
  readonly minute: number;
  readonly isVirtual: number;
  readonly status: number;
  readonly minutesLeft: number;
  readonly sku: string;
}

const FIRST_MINUTE = Date.UTC(2026, 10, 21, 7, 16) / 60_000;
const SKUS = ['b92e9980-b9d5-4821-9c94-140f632f6312', '6f327760-8c5c-417c-9b61-836a98287e0c'];
const HRESULTS = [0, 0xc004f042, 0, 0x8007000d, 0];
/** Names as machines have them, and as whoever likes may send them. */
const NAMES = ['LAB-CLIENT.example.test', 'pc-7', 'srv.lab.example.test', 'a,b', 'büro-3.example.test'];

/** Requests of as many machines, each with fields of its own. */
export const madeRequests = (count: number): MadeRequest[] =>
  Array.from({ length: count }, (_, i) => ({
    hresult: HRESULTS[i % HRESULTS.length]!,
    required: i % 2 === 0 ? 25 : 5,
    name: NAMES[i % NAMES.length]!,
    cmid: `d72b1ba1-9092-4185-8ba0-${(i + 1).toString(16).padStart(12, '0')}`,
    minute: FIRST_MINUTE + 7 * i,
    isVirtual: i % 2,
    status: (i % 6) + 1,
    minutesLeft: 43_200 - i,
    sku: SKUS[i % SKUS.length]!,
  }));

/** How a made log writes its lines. */
export interface LineStyle {
  /** Between fields. */
  readonly comma?: string;
  readonly hresult?: (value: number) => string;
  readonly time?: (minute: number) => string;
  readonly guid?: (guid: string) => string;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026/11/21 7:16`, as Windows has it. */
export function windowsTime(minute: number): string {
  const at = new Date(minute * 60_000);
  return `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`;
}

export const hexadecimal = (value: number): string => `0x${value.toString(16).toUpperCase()}`;

/** The nine fields of event 12290 in their order. */
export function lineFields(request: MadeRequest, style: LineStyle = {}): string[] {
  const { hresult = hexadecimal, time = windowsTime, guid = (text: string) => text } = style;
  return [
    hresult(request.hresult),
    String(request.required),
    request.name,
    guid(request.cmid),
    time(request.minute),
    String(request.isVirtual),
    String(request.status),
    String(request.minutesLeft),
    guid(request.sku),
  ];
}

export const lineOf = (request: MadeRequest, style: LineStyle = {}): string =>
  lineFields(request, style).join(style.comma ?? ',');
