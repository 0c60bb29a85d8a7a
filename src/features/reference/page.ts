/** The reference as a page: rendered here, without scripts or anything fetched from elsewhere. */
import { html, raw } from 'hono/html'
import type { OpenAPIV3_1 } from 'openapi-types'
import { catalogue } from '../../errors/gateway-error.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

export const referencePage = (document: OpenAPIV3_1.Document) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${document.info.title}: reference</title>
    <link rel="icon" href="favicon.ico">
    <style>${raw(style)}</style>
  </head>
  <body>
    <main>
      <h1>${document.info.title}</h1>
      <p>${document.info.description}</p>
      <p><a href="docs/try">try it</a>, with scripts · as data: <a href="openapi.json">openapi.json</a></p>
      <nav aria-label="Index">${renderIndex(document)}</nav>
      <h2 id="everywhere">Every operation</h2>
      <ul>
        ${Object.entries(document.components?.responses ?? {}).map(
          ([name, response]) => html`<li><code>${name.replace(/\D/g, '')}</code> ${descriptionOf(response)}</li>`,
        )}
      </ul>
      ${operationsByTag(document).map(
        ([tag, operations]) =>
          html`<h2 id="${anchorOf(tag)}">${tag}</h2>
            <p>${document.tags?.find(({ name }) => name === tag)?.description}</p>
            ${operations.map((operation) => renderOperation(document, operation))}`,
      )}
      <h2 id="proxied">Proxied, and other names</h2>
      ${Object.entries(document.paths ?? {})
        .filter(([, item]) => item?.description)
        .map(([path, item]) => html`<section><h3><b>ANY</b> ${path}</h3><p>${item?.description}</p></section>`)}
      <h2 id="errors">Errors</h2>
      <table>
        <tr><th>Code</th><th>Status</th><th>What it means</th></tr>
        ${Object.entries(catalogue).map(
          ([code, { status, detail }]) =>
            html`<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td><td>${detail}</td></tr>`,
        )}
      </table>
    </main>
  </body>
</html>`

const anchorOf = (tag: string) => `group-${tag.toLowerCase().replaceAll(' ', '-')}`

const descriptionOf = (response: object) => ('description' in response ? String(response.description) : '')

/** Every group, closed at first: what it is about, and its operations. */
const renderIndex = (document: OpenAPIV3_1.Document) => html`
  ${operationsByTag(document).map(
    ([tag, operations]) => html`<details>
      <summary><a href="#${anchorOf(tag)}">${tag}</a> ${operations.length}</summary>
      <ul>
        ${operations.map(
          ({ method, path, operation }) =>
            html`<li><a href="#${operation.operationId}"><b>${method.toUpperCase()}</b> <code>${path}</code></a></li>`,
        )}
      </ul>
    </details>`,
  )}
  <p>
    <a href="#everywhere">Every operation</a> · <a href="#proxied">Proxied, and other names</a> ·
    <a href="#errors">Errors</a>
  </p>`

interface Operation {
  method: string
  path: string
  operation: OpenAPIV3_1.OperationObject
}

function operationsByTag(document: OpenAPIV3_1.Document): [string, Operation[]][] {
  const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item?.[method]
      return operation ? [{ method, path, operation }] : []
    }),
  )
  return [...Map.groupBy(all, ({ operation }) => operation.tags?.[0] ?? 'Other')]
}

function renderOperation(document: OpenAPIV3_1.Document, { method, path, operation }: Operation) {
  return html`<section id="${operation.operationId}">
    <h3><b>${method.toUpperCase()}</b> ${path}</h3>
    <p>${operation.summary}</p>
    <p class="right">${operation.description}</p>
    <ul>
      ${Object.entries(operation.responses ?? {}).map(([status, response]) => {
        // What every operation may answer stands above them all.
        if ('$ref' in response) return ''
        const { description, fields } = describeResponse(document, response)
        return html`<li><code>${status}</code> ${description}${fields && html`: <code>${fields}</code>`}</li>`
      })}
    </ul>
  </section>`
}

/** The names of the fields are enough here; types and notes are in the document. */
function describeResponse(document: OpenAPIV3_1.Document, response: OpenAPIV3_1.ResponseObject) {
  const schema = resolveSchema(document, response.content?.['application/json']?.schema)
  return { description: response.description, fields: Object.keys(schema?.properties ?? {}).join(', ') }
}

function resolveSchema(
  document: OpenAPIV3_1.Document,
  schema: OpenAPIV3_1.SchemaObject | OpenAPIV3_1.ReferenceObject | undefined,
): OpenAPIV3_1.SchemaObject | undefined {
  if (!schema || !('$ref' in schema)) return schema
  return document.components?.schemas?.[schema.$ref.split('/').at(-1) ?? '']
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 54rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
nav { columns: 16rem; column-gap: 2rem }
nav ul { margin: 0.2rem 0; padding-left: 1.2rem; font-size: 0.875rem }
nav details, nav > p { break-inside: avoid }
summary { padding: 0.15rem 0 }
.right { font-size: 0.875rem; opacity: 0.8 }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #8886 }
h3 { font-family: ui-monospace, monospace; font-weight: 400; margin-bottom: 0 }
section p { margin: 0 }
section ul { margin: 0.3rem 0 0; padding-left: 1.2rem; font-size: 0.875rem }
code { font-family: ui-monospace, monospace }
table { width: 100%; border-collapse: collapse }
td, th { text-align: left; padding: 0.2rem 0.75rem 0.2rem 0; vertical-align: top }
td:nth-child(2) { overflow-wrap: normal }
`
