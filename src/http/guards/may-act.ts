/** Whether a chat of this caller may have effects: providers that act are asked for scope admin alone. */
import type { Context } from 'hono'
import type { AppEnv } from '../../ports/index.ts'

export const mayAct = (c: Context<AppEnv>): boolean => c.get('principal')?.scopes.includes('admin') ?? false
