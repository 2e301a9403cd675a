import {
  displayValue,
  type KmsRequest,
  kmsRequest,
  NIL_GUID,
  type PduOf,
  PFC_WHOLE,
  readRequest,
  REQUEST_SIZE,
  type TransferSyntax,
} from '../../protocol';

/** Fields by which a machine is told from others: they differ from request to request. */
const OF_A_MACHINE: readonly string[] = ['clientMachineId', 'workstationName', 'mac', 'requestTime', 'skuId'];

/** As all that clients send has it. */
const USUAL: Partial<KmsRequest> = {
  majorVersion: 4,
  minorVersion: 0,
  isVirtualMachine: 0,
  previousClientMachineId: NIL_GUID,
};

/** Longer values are cut. */
const LONGEST_VALUE = 60;

/** Requests of a conversation in words: who asks, what for, and what is not as in the request before, or as clients have it. */
export class RequestWords {
  #first: KmsRequest | null = null;
  readonly #ofMachine = new Map<string, KmsRequest>();

  words({ header, body }: PduOf<'request'>, syntax: TransferSyntax = 'ndr32'): string {
    if ((header.pfcFlags & PFC_WHOLE) !== PFC_WHOLE) return `${body.stub.length} octets of stub`;
    const { bytes, content } = readRequest({ kind: 'request', header, body, authTrailer: NONE }, syntax);
    const said =
      content.kind === 'clear'
        ? this.#messageWords(content.value)
        : content.kind === 'sealed'
          ? [`a sealed message of version ${content.value.majorVersion}, ${bytes.length} octets`]
          : [
              `a stub of ${body.stub.length} octets that is no request`,
              `at ${content.error.path}: expected ${content.error.expected}, found ${content.error.actual}`,
            ];
    const size = content.kind === 'clear' && bytes.length !== REQUEST_SIZE ? [`${bytes.length} octets`] : [];
    return [...said, ...size, ...callWords(body, syntax)].join(', ');
  }

  #messageWords(request: KmsRequest): string[] {
    const { clientMachineId: cmid, requiredClientCount } = request;
    const known = this.#ofMachine.get(cmid);
    const unusual =
      known === undefined
        ? [
            ...changes(USUAL, request, []),
            ...(this.#first === null
              ? []
              : changes(this.#first, request, [...OF_A_MACHINE, ...Object.keys(USUAL)])),
          ]
        : changes(known, request, ['mac']);
    this.#first ??= request;
    this.#ofMachine.set(cmid, request);
    const who = known === undefined ? `CMID ${cmid} asks` : `CMID ${cmid} asks again`;
    const policy = unusual.some((text) => text.startsWith('requiredClientCount'))
      ? []
      : [requiredClientCount];
    return [who, ...policy.map((count) => `N_Policy ${count}`), ...unusual];
  }
}

const NONE = new Uint8Array(0);

/** The fields of a request that are not as in another, each with its value. */
function changes(before: Partial<KmsRequest>, now: KmsRequest, except: readonly string[]): string[] {
  return Object.entries(kmsRequest.fields)
    .filter(([name]) => name in before && !except.includes(name))
    .map(([name, field]) => {
      const shown = (value: Partial<KmsRequest>): string =>
        displayValue(field, value[name as keyof KmsRequest]);
      return shown(before) === shown(now) ? '' : `${name} ${cut(shown(now))}`;
    })
    .filter((text) => text !== '');
}

const cut = (text: string): string =>
  text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;

/** What of the call is not as clients have it. */
function callWords(
  { opnum, contextId, allocHint, objectUuid, stub }: PduOf<'request'>['body'],
  syntax: TransferSyntax,
): string[] {
  return [
    ...(opnum === 0 ? [] : [`opnum ${opnum}`]),
    ...(contextId === 0 ? [] : [`context ${contextId}`]),
    ...(syntax === 'ndr32' ? [] : [`in ${syntax.toUpperCase()}`]),
    ...(objectUuid === undefined ? [] : [`object UUID ${objectUuid}`]),
    ...(allocHint === stub.length || allocHint === 0 ? [] : [`alloc_hint ${allocHint} of ${stub.length}`]),
  ];
}
