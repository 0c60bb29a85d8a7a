/** Lets the gateway send requests to itself. */
/** A request of the gateway to its own routes, through every layer, with scope `operator`. */
export type AskSelf = (path: string, init?: { method: 'POST'; json: unknown }) => Promise<Response>
