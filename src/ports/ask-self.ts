/** The gateway as its own caller. */
/** A question of the gateway to its own routes, as any caller's: through every layer, with the scope `operator`. */
export type AskSelf = (path: string, init?: { method: 'POST'; json: unknown }) => Promise<Response>
