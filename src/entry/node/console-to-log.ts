/** Turns console output of libraries into log lines: the server library prints a stack when an upstream aborts. */
import { inspect } from 'node:util'
import { TransportError } from '../../errors/gateway-error.ts'
import type { Log } from '../../ports/index.ts'

export function consoleToLog(log: Log): void {
  const as = (level: 'info' | 'warn' | 'error') => (first: unknown) => {
    if (first instanceof TransportError) log.warn('body_broken_off', { reason: first.failure })
    else if (first instanceof Error) log[level]('console', { error: first.name, reason: first.message })
    else log[level]('console', { reason: inspect(first) })
  }
  Object.assign(console, { log: as('info'), info: as('info'), warn: as('warn'), error: as('error') })
}
