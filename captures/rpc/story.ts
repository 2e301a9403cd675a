import { BIND_NAK_REASONS, CONTEXT_RESULT, KMS_INTERFACE, type PduOf } from '../../protocol';
import type { Direction } from '../tcp/half-stream';

/** Reasons with which a presentation context is refused (C706 12.6.3.1, p_provider_reason_t). */
const REJECTIONS: Readonly<Record<number, string>> = {
  0: 'reason not specified',
  1: 'abstract syntax not supported: KMS is not offered there',
  2: 'proposed transfer syntaxes not supported',
  3: 'local limit exceeded',
};

/** Interfaces that are met on other ports of a Windows machine, and so where a port was redirected to the wrong place. */
const INTERFACES: Readonly<Record<string, string>> = {
  'e1af8308-5d1f-11c9-91a4-08002b14a0fa': 'endpoint mapper',
  'afa8bd80-7d8a-11c9-bef4-08002b102989': 'remote management',
  '12345778-1234-abcd-ef00-0123456789ab': 'lsarpc',
  '12345778-1234-abcd-ef00-0123456789ac': 'samr',
  '12345678-1234-abcd-ef00-01234567cffb': 'netlogon',
  '4b324fc8-1670-01d3-1278-5a47bf6ee188': 'srvsvc',
  '367abb81-9844-35f1-ad32-98f038001003': 'svcctl',
  '000001a0-0000-0000-c000-000000000046': 'DCOM activation',
  '99fcfec4-5260-101b-bbcb-00aa0021347a': 'DCOM resolution',
};

/** A number with which a host refused, and what it means. */
export interface Reason {
  readonly code: number;
  readonly text: string;
}

/** How far the connection of a client to a host came: enough to tell what became of it, when the connection itself is forgotten. */
export class AssociationStory {
  /** The direction in which the client sends, -1 while that is not known. */
  client: Direction | -1 = -1;
  /** The KMS interface was asked for. */
  boundKms = false;
  /** Another interface, by UUID and name, that was asked for where KMS was not. */
  otherInterface: string | null = null;
  bindAnswered = false;
  nak: Reason | null = null;
  /** Why the KMS interface was refused, where no context for it was accepted. */
  refused: Reason | null = null;
  requests = 0;
  /** Answers of any kind to these. */
  answers = 0;
  /** Status of the last fault. */
  fault: number | null = null;
  /** Calls that are none of KMS's. */
  otherCalls = 0;
  /** What kept a request from being read, where something did. */
  unread: string | null = null;
  /** A request was begun in fragments, and not all of them have come. */
  unfinished = false;
  /** The first octets, where they are not DCE/RPC's. */
  foreign: Buffer | null = null;

  noteOffer({ body: { contexts } }: PduOf<'bind'> | PduOf<'alterContext'>): void {
    const uuids = contexts.map(({ abstractSyntax }) => abstractSyntax.uuid);
    this.boundKms ||= uuids.includes(KMS_INTERFACE.uuid);
    const other = uuids.find((uuid) => uuid !== KMS_INTERFACE.uuid);
    if (other !== undefined) this.otherInterface ??= interfaceText(other);
  }

  /** @param offeredKms which of the contexts that are answered are KMS's */
  noteAck(
    { body: { results } }: PduOf<'bindAck'> | PduOf<'alterContextResp'>,
    offeredKms: readonly boolean[],
  ): void {
    this.bindAnswered = true;
    const ours = results.filter((_, i) => offeredKms[i] === true);
    if (ours.some(({ result }) => result === CONTEXT_RESULT.acceptance)) this.refused = null;
    else if (ours[0] !== undefined) {
      const { reason } = ours[0];
      this.refused = { code: reason, text: REJECTIONS[reason] ?? 'unknown reason' };
    }
  }

  noteNak({ body: { reason } }: PduOf<'bindNak'>): void {
    this.bindAnswered = true;
    this.nak = { code: reason, text: BIND_NAK_REASONS[reason] ?? 'unknown reason' };
  }
}

function interfaceText(uuid: string): string {
  const name = INTERFACES[uuid];
  return name === undefined ? uuid : `${uuid} (${name})`;
}
