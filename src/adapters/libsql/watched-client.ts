/** A libSQL client whose statements are watched. */
import type { Client, InArgs, InStatement } from '@libsql/client'
import type { WatchQueries } from '../../ports/index.ts'

type Queried = Pick<Client, 'execute' | 'batch'>

/** The same client without a watch. */
export function watchedClient<C extends Queried>(client: C, watch: WatchQueries | undefined): C {
  if (!watch) return client
  const execute = client.execute.bind(client) as (
    statement: InStatement,
    args?: InArgs,
  ) => ReturnType<Client['execute']>
  const batch = client.batch.bind(client)
  const watched: Queried = {
    execute: (statement: InStatement, args?: InArgs) => watch([textOf(statement)], () => execute(statement, args)),
    batch: (statements, mode) =>
      watch(
        statements.map((each) => (Array.isArray(each) ? each[0] : textOf(each))),
        () => batch(statements, mode),
      ),
  }
  return Object.assign(client, watched)
}

const textOf = (statement: InStatement): string => (typeof statement === 'string' ? statement : statement.sql)
