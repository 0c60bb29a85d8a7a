/** Who is signed in and what that token may do; a disabled control says which scope or mode it needs. */
import { signal } from '@preact/signals'
import type { InferResponseType } from 'hono/client'
import { t } from '../texts/index.ts'
import { read, vx11 } from './api.ts'
import { asProblem } from './problem.ts'

export type Principal = InferResponseType<typeof vx11.operator.api.whoami.$get, 200>
export type Scope = Principal['scopes'][number]

export const principal = signal<Principal | null>(null)

/** Throws when the token is refused; with an older gateway it is `null`, and everything is enabled. */
export async function loadPrincipal(): Promise<void> {
  try {
    principal.value = await read(vx11.operator.api.whoami.$get())
  } catch (error) {
    if (asProblem(error).status !== 404) throw error
    principal.value = null
  }
}

export function lacking(scope: Scope): string | null {
  const who = principal.value
  if (!who) return null
  if (!who.scopes.includes(scope)) return t().access.needsScope(scope)
  return who.control ? null : t().access.observer
}
