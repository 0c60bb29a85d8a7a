/** The OpenAPI document, generated from the routes of the app and the schemas they use. */
import type { Hono } from 'hono'
import { generateSpecs, resolver } from 'hono-openapi'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { GenericSchema } from 'valibot'
import type { AppEnv } from '../../ports/index.ts'
import { commonComponents, completeOperations, type Rules, wakeParameter } from './complete.ts'

const description = `One door to VX11: every value is measured, derived from the database, or null with a reason.
Send a token as X-VX11-Token or as Authorization: Bearer; every answer carries X-Correlation-ID.`

const explain: OpenAPIV3_1.ParameterObject = {
  name: 'X-VX11-Explain',
  in: 'header',
  description: 'With scope admin, `1` asks for X-VX11-Decision: how the gateway came to the answer.',
  schema: { type: 'string', enum: ['1'] },
}

const proxiedPath = (prefix: string, upstream: string, wakes: boolean): OpenAPIV3_1.PathItemObject => ({
  description: `Every method and path under ${prefix} is passed to ${upstream}, streamed both ways; its answer comes back as it is.`,
  parameters: [
    { name: 'path', in: 'path', required: true, schema: { type: 'string' } },
    explain,
    ...(wakes ? [wakeParameter] : []),
  ],
})

/** Where routes have other names as well. */
export type Alias = Readonly<{ prefix: string; target: string }>

/** A prefix whose requests are passed on. */
export type Proxied = Readonly<{ prefix: string; upstream: string }>

const alias = ({ prefix, target }: Alias): OpenAPIV3_1.PathItemObject => ({
  description: `Another name: what stands behind ${prefix} is read as if it stood behind ${target}.`,
  parameters: [{ name: 'path', in: 'path', required: true, schema: { type: 'string' } }],
})

/** What the document says beside the operations. */
interface Described {
  aliases: readonly Alias[]
  proxied: readonly Proxied[]
  tags: readonly OpenAPIV3_1.TagObject[]
}

/** `problem` is the shape that every error answer refers to as `Problem`. */
export async function openApiDocument(
  app: Hono<AppEnv>,
  { aliases, proxied, tags }: Described,
  problem: GenericSchema,
  rules: Rules,
): Promise<OpenAPIV3_1.Document> {
  const { schema } = await resolver(problem).toOpenAPISchema()
  const document = await generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      info: {
        title: 'Tentáculo Link',
        version: '7.0',
        description,
        license: { name: 'MIT', identifier: 'MIT' },
        contact: { name: 'Whoever runs this gateway' },
      },
      tags: [...tags],
      servers: [{ url: '/', description: 'The gateway that served this document' }],
      components: {
        ...commonComponents(rules),
        schemas: { Problem: schema },
      },
      paths: {
        ...Object.fromEntries(
          proxied.map(({ prefix, upstream }) => [
            `${prefix}/{path}`,
            proxiedPath(prefix, upstream, rules.of('GET', prefix).wakes),
          ]),
        ),
        ...Object.fromEntries(aliases.map((each) => [`${each.prefix}{path}`, alias(each)])),
      },
    },
  })
  completeOperations(document, rules)
  return document
}
