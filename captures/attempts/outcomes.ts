/** What becomes of a try to activate that gets no answer from a KMS host. */
export type AttemptOutcome =
  | 'no-srv-record'
  | 'lookup-failed'
  | 'lookup-unanswered'
  | 'syn-unanswered'
  | 'refused'
  | 'unreachable'
  | 'probe'
  | 'silent'
  | 'reset'
  | 'closed'
  | 'bind-nak'
  | 'context-refused'
  | 'bind-unanswered'
  | 'fault'
  | 'no-answer'
  | 'cut'
  | 'other-rpc'
  | 'not-rpc'
  | 'unread';

interface OutcomeWords {
  /** For the table: ten characters at most. */
  readonly word: string;
  /** What happened, in the line of counts. */
  readonly summary: string;
  /** What it usually means to whoever runs the machines. */
  readonly meaning: string;
}

/** Each with what to look at; codes are those that the client shows (slmgr, event 12289). */
export const OUTCOMES: Readonly<Record<AttemptOutcome, OutcomeWords>> = {
  'no-srv-record': {
    word: 'no SRV',
    summary: 'DNS has no SRV record',
    meaning:
      'The client finds no KMS host in DNS and shows 0x8007232B (0x8007251D where the name has other records): publish _vlmcs._tcp in this domain, or name the host with slmgr /skms.',
  },
  'lookup-failed': {
    word: 'DNS failed',
    summary: 'DNS lookup failed',
    meaning:
      'The DNS server did not do its work (the client shows 0x8007232A for a server failure): look at that server and its zone.',
  },
  'lookup-unanswered': {
    word: 'DNS silent',
    summary: 'DNS lookup without an answer',
    meaning:
      'The DNS server did not answer (the client shows 0x800705B4, a time-out): look at the way to it, and at the address that the client has of it.',
  },
  'syn-unanswered': {
    word: 'no SYN-ACK',
    summary: 'SYN unanswered',
    meaning:
      'Nothing answers at this address and port: the host is off, or a firewall drops TCP 1688 on the way. The client shows 0xC004F074, its event 12288 has 0x800706BA.',
  },
  refused: {
    word: 'refused',
    summary: 'connection refused',
    meaning:
      'The machine is there, and nothing listens on this port: the KMS service (sppsvc) does not run, uses another port, or a firewall rejects. The client shows 0xC004F074, its event 12288 has 0x800706BA.',
  },
  unreachable: {
    word: 'no route',
    summary: 'destination unreachable',
    meaning: 'A router or firewall says that the way is closed (ICMP). The client shows 0xC004F074.',
  },
  probe: {
    word: 'probe',
    summary: 'probe of the port',
    meaning:
      'A connection that carried nothing and was closed by who opened it: a check of the port by a balancer, a monitor or Test-NetConnection, no try to activate.',
  },
  silent: {
    word: 'silent',
    summary: 'connected, nothing sent',
    meaning:
      'The client connected and sent nothing: it hangs, or something between takes connections that it does not hand on.',
  },
  reset: {
    word: 'reset',
    summary: 'connection reset',
    meaning:
      'The connection was cut in the middle: a firewall or balancer that looks into it, or a host that stopped. The client shows 0xC004F074, its event 12288 has 0x800706BA.',
  },
  closed: {
    word: 'closed',
    summary: 'connection closed early',
    meaning:
      'The connection was ended before there was an answer: a balancer without a host behind it, a service that is stopping, or one that is no KMS host.',
  },
  'bind-nak': {
    word: 'bind_nak',
    summary: 'bind refused',
    meaning:
      'What listens there speaks DCE/RPC and does not let the client in: no KMS host, one that is overloaded, or something between that changes what passes. The client shows 0xC004F074.',
  },
  'context-refused': {
    word: 'no context',
    summary: 'KMS interface refused',
    meaning:
      'What listens there speaks DCE/RPC and offers no KMS: another service has this port, or the KMS service does not run yet. The client shows 0xC004F074.',
  },
  'bind-unanswered': {
    word: 'no bindack',
    summary: 'bind unanswered',
    meaning:
      'Something took the connection and did not answer the bind: a service that hangs, or a device between that lets only small packets pass. The client shows 0xC004F074.',
  },
  fault: {
    word: 'fault',
    summary: 'RPC fault',
    meaning:
      'The host took the call and its RPC runtime refused it: no KMS host, or a request that was damaged on the way. The client shows 0xC004F074 or the status itself.',
  },
  'no-answer': {
    word: 'no answer',
    summary: 'request unanswered',
    meaning:
      'The host took the request and did not answer: it is overloaded or hangs, or its answer is lost on the way. The client shows 0xC004F074.',
  },
  cut: {
    word: 'cut',
    summary: "cut by the capture's end",
    meaning: 'The capture ends before it shows what became of this: record longer.',
  },
  'other-rpc': {
    word: 'other RPC',
    summary: 'other DCE/RPC',
    meaning: 'This port carries DCE/RPC that is not KMS: another service was given the port of KMS.',
  },
  'not-rpc': {
    word: 'not RPC',
    summary: 'other protocol',
    meaning:
      'This port carries something that is not DCE/RPC: another service, or a proxy, has the port of KMS.',
  },
  unread: {
    word: 'unread',
    summary: 'contents not read',
    meaning:
      'The capture does not hold what went over this connection: record whole packets (tcpdump -s 0), both directions, from the start.',
  },
};
