/** Tells of the statements of a database as spans. */
import type { Tracing, WatchQueries } from '../ports/index.ts'

/** Undefined where tracing is off. `store` is the conventions' name of the system. */
export function queryWatch(tracing: Tracing | undefined, store = 'sqlite'): WatchQueries | undefined {
  if (!tracing) return undefined
  return async (statements, work) => {
    const span = tracing.begin({ name: summaryOf(statements), kind: 'client', attributes: { 'db.system.name': store } })
    if (!span) return work()
    span.set({
      'db.query.summary': span.name,
      'db.query.text': statements.join('; '),
      'db.operation.batch.size': statements.length > 1 ? statements.length : undefined,
    })
    try {
      const result = await work()
      span.end()
      return result
    } catch (error) {
      span.end(error instanceof Error ? error.name : 'unknown')
      throw error
    }
  }
}

/** Operation and table, such as `SELECT operator_message`; of a batch the first that is not a mere read. */
function summaryOf(statements: readonly string[]): string {
  const words = statements.map(wordsOf)
  const summary = words.find((each) => !each.startsWith('SELECT')) ?? words[0] ?? 'QUERY'
  return statements.length > 1 ? `BATCH ${summary}` : summary
}

function wordsOf(statement: string): string {
  const operation = /^\W*([a-z]+)/i.exec(statement)?.[1]?.toUpperCase() ?? 'QUERY'
  const table = /\b(?:from|into|update|join)\s+["`[]?([a-z_][a-z0-9_]*)/i.exec(statement)?.[1]
  return table === undefined ? operation : `${operation} ${table}`
}
