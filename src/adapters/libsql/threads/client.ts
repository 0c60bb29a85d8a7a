/** A libSQL client whose statements run in the threads of a database file, as far as drizzle asks. */
import type { Client, InArgs, InStatement, ResultSet } from '@libsql/client'
import type { FileThreads } from './file-threads.ts'
import type { Statement } from './messages.ts'
import { resultSet } from './result-set.ts'

export type FileClient = Pick<Client, 'execute' | 'batch' | 'close'>

/** A lock that another process holds is waited for as long as the threads let it, unless said. */
export function threadClient(threads: FileThreads, lockTimeoutMs?: number): FileClient {
  async function execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
    const asked = statementOf(statement, args)
    const [result] = await threads.run({
      statements: [asked],
      isBatch: false,
      writes: !isSelection(asked),
      lockTimeoutMs,
    })
    if (!result) throw new Error('a thread answered without a result')
    return resultSet(result)
  }

  return {
    execute,
    async batch(statements) {
      const asked = statements.map((statement) =>
        Array.isArray(statement) ? statementOf(statement[0], statement[1]) : statementOf(statement),
      )
      const results = await threads.run({
        statements: asked,
        isBatch: true,
        writes: !asked.every(isSelection),
        lockTimeoutMs,
      })
      return results.map(resultSet)
    },
    close: () => void threads.close(),
  }
}

const statementOf = (statement: InStatement | string, args: InArgs = []): Statement =>
  typeof statement === 'string' ? { sql: statement, args } : { sql: statement.sql, args: statement.args ?? [] }

/** Whatever else it is goes to the thread that may write. */
const isSelection = ({ sql }: Statement): boolean => /^\s*select\b/i.test(sql)
