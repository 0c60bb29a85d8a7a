/** What the gateway asks an upstream in its own time: for its health, and for its interface in the first audit of drift. */
export const isGatewaysOwn = (target: string): boolean => /^(?:\/[a-z]+)?\/healthz?$|^\/openapi\.json$/.test(target)
