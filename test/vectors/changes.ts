/** A vector, as its file has it; each group has fields of its own. */
export interface Vector {
  readonly id: string;
  bytes: string;
  mac: string;
  sent: string;
  hresult: number;
  hasOrder: boolean;
  error: { offset: number; at: number } | null;
  calls: { fragmentCount: number }[];
  steps: { answer?: { count?: number; hresult?: number } }[];
}

/** Flips the lowest bit of one of the octets; which one goes round with `at`. */
function flipped(hex: string, at: number): string {
  const octets = Buffer.from(hex, 'hex');
  octets[at % octets.length]! ^= 1;
  return octets.toString('hex');
}

/** For each group a change after which a vector is wrong: an octet, a count, a verdict. */
export const CHANGES: Readonly<Record<string, (vector: Vector, at: number) => void>> = {
  pdu: (vector, at) => (vector.bytes = flipped(vector.bytes, at)),
  stub: (vector, at) => (vector.bytes = flipped(vector.bytes, at)),
  message: (vector, at) => (vector.bytes = flipped(vector.bytes, at)),
  mac: (vector, at) => (vector.mac = flipped(vector.mac, at)),
  malformed: ({ error }) => error!.offset++,
  call: ({ calls, error }) => {
    if (error !== null) error.at++;
    else if (calls.length > 0) calls[0]!.fragmentCount++;
    else calls.push({ fragmentCount: 1 });
  },
  // The last octet is one of the request message.
  conversation: (vector) => (vector.sent = flipped(vector.sent, vector.sent.length / 2 - 1)),
  grant: (vector) => vector.hresult++,
  counting: ({ steps }) => {
    const answer = steps.findLast((step) => step.answer !== undefined)!.answer!;
    if (answer.count === undefined) answer.hresult!++;
    else answer.count++;
  },
  history: (vector) => (vector.hasOrder = !vector.hasOrder),
};
