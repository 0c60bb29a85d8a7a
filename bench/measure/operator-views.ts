/** Which reads of the operator API are measured: all that its own description lists and that need no name of a thing. */
import type { OpenAPIV3_1 } from 'openapi-types'

const prefix = '/operator/api/'

/** Asked for instead of the bare path. */
const queries: Readonly<Record<string, readonly string[]>> = {
  '/operator/api/events': ['', '?type=error', '?severity=critical', '?module=spawner', '?correlation_id=nothing'],
  // It recomputes as many hashes as it is asked for.
  '/operator/api/ledger/verify': ['?limit=100'],
}

/** Paths with their queries. Streams and downloads are no JSON. */
export const operatorViews = ({ paths = {} }: Pick<OpenAPIV3_1.Document, 'paths'>): string[] =>
  Object.entries(paths).flatMap(([path, item]) => {
    if (!path.startsWith(prefix) || path.includes('{') || !answersJson(item?.get)) return []
    return (queries[path] ?? ['']).map((query) => path + query)
  })

function answersJson(operation: OpenAPIV3_1.OperationObject | undefined): boolean {
  const success = operation?.responses?.['200'] as OpenAPIV3_1.ResponseObject | undefined
  return success?.content?.['application/json'] !== undefined
}
