import { encodePdu, fragment, KMS_INTERFACE, NDR32, PFC } from '../protocol';
import { CLIENT_FRAGMENT_LIMIT } from '../harness/client';
import { hostileInput, hostileRequests } from './hostile-input';
import { lyingStubs, machine } from './requirement';

const few = { adds: 20 } as const;

const hexOf = (size: bigint): string => `0x${size.toString(16).toUpperCase()}`;

/** A bind that claims more contexts, or more transfer syntaxes in its context, than the one that is there. */
function overcountedBind(claimed: { readonly contexts?: number; readonly syntaxes?: number }): Uint8Array {
  const context = {
    contextId: 0,
    abstractSyntax: KMS_INTERFACE,
    transferSyntaxes: [NDR32],
    ...(claimed.syntaxes === undefined ? {} : { transferSyntaxCount: claimed.syntaxes }),
  };
  const body = {
    maxXmitFrag: CLIENT_FRAGMENT_LIMIT,
    maxRecvFrag: CLIENT_FRAGMENT_LIMIT,
    contexts: [context],
    ...(claimed.contexts === undefined ? {} : { contextCount: claimed.contexts }),
  };
  return encodePdu({ kind: 'bind', header: { pfcFlags: PFC.firstFrag | PFC.lastFrag }, body });
}

describe('calls and binds that cannot be', () => {
  // Fragments in an order that makes no call; none of them is a whole request.
  hostileInput('ROB-04', few, async ({ connections, rpc }) => {
    const [first, middle, ...rest] = fragment(rpc.requestCall(machine()), 64);
    const last = rest.at(-1)!;
    const ofAnotherCall = { ...last, header: { ...last.header, callId: 77 } };
    const endless = encodePdu({ ...middle!, body: { ...middle!.body, stub: new Uint8Array(4000) } });
    await connections.provoke([
      { what: 'a last fragment without a first', writes: [encodePdu(last)], bound: true },
      { what: 'a middle fragment without a first', writes: [encodePdu(middle!)], bound: true },
      {
        what: 'a second FIRST of the same call',
        writes: [encodePdu(first!), encodePdu(first!), encodePdu(middle!)],
        bound: true,
      },
      {
        what: 'a first fragment, and the last of another call',
        writes: [encodePdu(first!), encodePdu(ofAnotherCall)],
        bound: true,
      },
      {
        what: 'fragments that never end',
        writes: [encodePdu(first!), ...Array.from({ length: 300 }, () => endless)],
        bound: true,
      },
    ]);
  });

  hostileInput('ROB-05', few, ({ connections }) =>
    connections.provoke(
      [0, 2, 3, 127, 255].flatMap((claimed) => [
        {
          what: `a bind of 1 context that claims ${claimed}`,
          writes: [overcountedBind({ contexts: claimed })],
        },
        {
          what: `a context of 1 transfer syntax that claims ${claimed}`,
          writes: [overcountedBind({ syntaxes: claimed })],
        },
      ]),
    ),
  );

  hostileRequests('ROB-06', few, ({ rpc }) => {
    const sizes = [0n, 1n, 0x80000000n, 0xffffffffn];
    const pairs = sizes.flatMap((size) => [...sizes, 252n].map((count) => [size, count] as const));
    return pairs.map(([size, count]) => {
      const what = `a stub of size ${hexOf(size)} and count ${hexOf(count)}, with a message of 252 octets`;
      return { what, send: () => rpc.attemptStub(machine(), lyingStubs.withLengths(size, count), what) };
    });
  });
});
