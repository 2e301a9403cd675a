/** Why a lab host does not do what it was asked for. */
export type LabHostErrorCode =
  | 'port-in-use' // another process listens there
  | 'cannot-listen' // the system refuses the port for another reason
  | 'host-down' // a fault made the host die; only a restart brings it back
  | 'closed'; // close() was called

/** The lab host cannot do what it was asked to; the message says what to do. */
export class LabHostError extends Error {
  constructor(
    readonly code: LabHostErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LabHostError';
  }
}
