/** The process of the host ends: what a fault throws where a real host would crash. The server resets all and stops listening. */
export class HostDeath extends Error {
  constructor(cause: string) {
    super(`the lab host died of the fault ${cause}`);
    this.name = 'HostDeath';
  }
}

/** The process of the host loops for ever: connections are still taken by the system, and nothing is answered. */
export class HostHang extends Error {
  constructor(cause: string) {
    super(`the lab host hangs in the fault ${cause}`);
    this.name = 'HostHang';
  }
}
