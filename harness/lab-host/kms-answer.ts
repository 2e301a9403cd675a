/** What RequestActivation returns: a message and 0, or no message and why. */
export type KmsAnswer =
  | { readonly message: Uint8Array; readonly hresult: 0 }
  | { readonly message: null; readonly hresult: number };
