/** How the OpenAPI document describes what is sent: the input of a schema, not what becomes of it. */

/** A schema's metadata `asSent` stands where its checks have no JSON Schema: numbers in a query, objects of any members. */
export const asSent = {
  typeMode: 'input',
  errorMode: 'ignore',
  overrideAction: ({ valibotAction }: { valibotAction: { type: string; metadata?: { asSent?: object } } }) =>
    valibotAction.type === 'metadata' ? valibotAction.metadata?.asSent : undefined,
}
