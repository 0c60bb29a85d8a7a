/** Who is signed in and what that token may do; a disabled control says which scope or mode it needs. */
import { signal } from '@preact/signals'
import { t } from '../texts/index.ts'
import { call } from './api.ts'
import { asProblem } from './problem.ts'

export type Scope = 'operator' | 'shub' | 'ingest' | 'admin'

export interface Principal {
  name: string
  scopes: Scope[]
  control: boolean
  version: string
  commit: string | null
}

export const principal = signal<Principal | null>(null)

/** Throws when the token is refused; an older gateway that cannot tell leaves `null`, and everything is offered. */
export async function loadPrincipal(): Promise<void> {
  try {
    principal.value = await call<Principal>('operator/api/whoami')
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
