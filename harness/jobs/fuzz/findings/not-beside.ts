/** What was looked at beside the campaign has to do with the host's life, or was disturbed: it is to be looked at alone. */
export class NotBeside extends Error {
  constructor() {
    super('to be looked at alone');
    this.name = 'NotBeside';
  }
}
