/** The routes of docs/http.md, written from the OpenAPI document: `npm run docs` puts them there, a test holds them equal. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { OpenAPIV3_1 } from 'openapi-types'
import { accessFor } from '../../src/http/guards/access.ts'
import { testApp } from './test-app.ts'

type Operation = OpenAPIV3_1.OperationObject

export const httpPage = fileURLToPath(new URL('../../docs/http.md', import.meta.url))
const [begin, end] = ['<!-- routes:begin -->', '<!-- routes:end -->']

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const

/** The page with its routes as the code has them now. */
export async function pageWithRoutes(page: string): Promise<string> {
  const [before, rest = ''] = page.split(begin)
  const [, after] = rest.split(end)
  if (after === undefined) throw new Error(`docs/http.md lacks ${begin} or ${end}`)
  return `${before}${begin}\n\n${await routeTables()}\n${end}${after}`
}

async function routeTables(): Promise<string> {
  const { request } = testApp()
  const document = (await (await request('/openapi.json')).json()) as OpenAPIV3_1.Document
  const byTag = Map.groupBy(operationsOf(document), ({ operation }) => operation.tags?.[0] ?? 'Other')
  const tags = [...byTag.keys()].toSorted()
  return tags.map((tag) => `### ${tag}\n\n${head}\n${(byTag.get(tag) ?? []).map(row).join('\n')}\n`).join('\n')
}

const head = '| route | scope | what it does | answers | errors |\n|---|---|---|---|---|'

const operationsOf = ({ paths = {} }: OpenAPIV3_1.Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item?.[method]
      return operation ? [{ method, path, operation }] : []
    }),
  )

function row({ method, path, operation }: { method: string; path: string; operation: Operation }): string {
  const access = accessFor({ openV7Paths: false }, method.toUpperCase(), path)
  const statuses = Object.keys(operation.responses ?? {}).filter((status) => !isCommon(operation, status))
  const cells = [
    `\`${method.toUpperCase()} ${path}\``,
    access.kind === 'public' ? 'public' : `\`${access.scope}\``,
    operation.summary ?? '',
    statuses.filter((status) => Number(status) < 400 || !isProblem(operation, status)).join(', '),
    statuses
      .filter((status) => isProblem(operation, status))
      .flatMap((status) => codesOf(operation, status))
      .join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

const responseOf = (operation: Operation, status: string) =>
  operation.responses?.[status] as OpenAPIV3_1.ResponseObject | undefined
/** What every route may answer stands once, among what holds for every request. */
const isCommon = (operation: Operation, status: string) => '$ref' in (operation.responses?.[status] ?? {})
const isProblem = (operation: Operation, status: string) =>
  'application/problem+json' in (responseOf(operation, status)?.content ?? {})
/** http/describe.ts writes `code: title; code: title`. */
const codesOf = (operation: Operation, status: string) =>
  (responseOf(operation, status)?.description ?? '').split('; ').map((each) => `\`${each.split(':')[0]}\``)

if (import.meta.main) writeFileSync(httpPage, await pageWithRoutes(readFileSync(httpPage, 'utf8')))
