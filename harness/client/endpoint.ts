/** Where a host listens. `host` is a name or an address; IPv6 without brackets, with its scope where it has one. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Addresses that stand for the name, so that it is not looked up again: what was checked is what is connected to. */
  readonly addresses?: readonly string[];
  /** Nothing is sent over a connection that leads to another machine. */
  readonly loopbackOnly?: true;
}

/** `host:port`, IPv6 as `[::1]:1688`. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
