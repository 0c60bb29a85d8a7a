/** Gives the audit what a handler knows; before the act, so that a refusal has its target, too. */
import type { Context } from 'hono'
import type { ActDetail, AppEnv } from '../../ports/index.ts'

export function noteAct(c: Context<AppEnv>, detail: ActDetail): void {
  c.set('actDetail', { ...c.get('actDetail'), ...detail })
}

/** For code below HTTP. */
export const noteTo =
  (c: Context<AppEnv>) =>
  (detail: ActDetail): void =>
    noteAct(c, detail)
