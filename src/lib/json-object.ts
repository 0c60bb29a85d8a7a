/** Tells a JSON object from the rest: valibot's object schemas take lists, too. */
export const isObject = (json: unknown): json is Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
