/** Why a store cannot be used, as one word for programs; the message is for the log. */

export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
  readonly fault: string

  constructor(fault: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}
