/** The part of the libSQL client that drizzle uses, over the worker threads of a database file. */
import type { Client, InArgs, InStatement, ResultSet } from '@libsql/client'
import type { FileThreads } from './file-threads.ts'
import type { Statement } from './messages.ts'
import { resultSet } from './result-set.ts'

export type FileClient = Pick<Client, 'execute' | 'batch' | 'close'>

/** The lock timeout defaults to the timeout of the job. */
export function threadClient(threads: FileThreads, lockTimeoutMs?: number): FileClient {
  async function execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
    const request = statementOf(statement, args)
    const [result] = await threads.run({
      statements: [request],
      isBatch: false,
      writes: !isSelection(request),
      lockTimeoutMs,
    })
    if (!result) throw new Error('a thread returned no result')
    return resultSet(result)
  }

  return {
    execute,
    async batch(statements) {
      const request = statements.map((statement) =>
        Array.isArray(statement) ? statementOf(statement[0], statement[1]) : statementOf(statement),
      )
      const results = await threads.run({
        statements: request,
        isBatch: true,
        writes: !request.every(isSelection),
        lockTimeoutMs,
      })
      return results.map(resultSet)
    },
    close: () => void threads.close(),
  }
}

const statementOf = (statement: InStatement | string, args: InArgs = []): Statement =>
  typeof statement === 'string' ? { sql: statement, args } : { sql: statement.sql, args: statement.args ?? [] }

/** All other statements go to the writer thread. */
const isSelection = ({ sql }: Statement): boolean => /^\s*select\b/i.test(sql)
