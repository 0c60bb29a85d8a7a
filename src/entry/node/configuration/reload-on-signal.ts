/** SIGHUP reads the configuration anew; the act is audited like a request's. */
import { randomUUID } from 'node:crypto'
import type { Services } from '../../../services.ts'

type ReloadDeps = Pick<Services, 'background' | 'beginAct' | 'configuration' | 'recordAct'>

export function reloadOnSignal(deps: ReloadDeps): void {
  // A terminal that closes sends it, too: there it ends the process, as it does without a listener.
  if (!process.stdout.isTTY) process.on('SIGHUP', () => deps.background(reload(deps)))
}

async function reload({ beginAct, configuration, recordAct }: ReloadDeps): Promise<void> {
  if (!configuration.reload) return
  // No configured name has a colon, so nobody else is called like this.
  const actor = { principal: 'signal:SIGHUP', keyName: null, address: 'process', correlationId: randomUUID() }
  const attempt = await beginAct({ act: 'config.reload', target: null }, actor)
  const before = { hash: configuration.state().hash }
  const outcome = configuration.reload()
  const isRefused = outcome.problem !== undefined
  const { hash } = configuration.state()
  const after = isRefused ? null : { hash, changed: outcome.changed, needs_restart: outcome.needRestart }
  const verdict = isRefused
    ? ({ outcome: 'refused', error: 'configuration_invalid' } as const)
    : ({ outcome: 'done', error: null } as const)
  const act = { act: 'config.reload', target: null, before, after, ...verdict } as const
  await recordAct(act, actor, actor.principal, attempt)
}
