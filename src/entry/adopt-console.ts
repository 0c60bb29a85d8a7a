/** What libraries say on the console becomes log lines: the server prints a stack there when an upstream breaks off. */
import { inspect } from 'node:util'
import type { Log } from '../ports.ts'

export function adoptConsole(log: Log): void {
  const as = (level: 'info' | 'warn' | 'error') => (first: unknown) =>
    log[level](
      'console',
      first instanceof Error ? { error: first.name, reason: first.message } : { reason: inspect(first) },
    )
  Object.assign(console, { log: as('info'), info: as('info'), warn: as('warn'), error: as('error') })
}
